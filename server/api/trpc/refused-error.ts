import { randomBytes } from 'node:crypto';
import { TRPCError } from '@trpc/server';
import type { Logger } from 'pino';
import { ERROR_TABLE, TRPC_OWN_CODES } from '@/server/api/error-table';
import { toPointer } from '@/server/domain/json-pointer';
import type { InputProblem, Outcome, Refusal, RefusalCode } from '@/server/domain/refusal';
import { refuse } from '@/server/domain/refusal';

/** What every error of the API carries in `data`, beside tRPC's own `code`, `httpStatus` and `path`. */
export type HoldpointErrorData = {
  holdpointCode: RefusalCode;
  /** JSON pointers into the input and what to do about each. */
  problems?: InputProblem[];
  retryAfterSeconds?: number;
};

/** A refusal on its way out through tRPC. */
export class RefusedError extends TRPCError {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super({ code: ERROR_TABLE[refusal.code], message: refusal.message });
    this.refusal = refusal;
  }
}

/** The value of an accepted outcome; a refusal leaves as the tRPC error of the one error table. */
export function unwrap<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  throw new RefusedError(outcome);
}

type Issue = { code?: string; path: PropertyKey[]; message: string; keys?: string[] };

/** zod says "Invalid input: expected string, received undefined" where a person would say that something is missing. */
const sayPlainly = (message: string): string => {
  const missing = /^Invalid input: expected (.+), received undefined$/.exec(message);
  return missing === null ? message : `This is missing; it must be ${missing[1]}.`;
};

/** zod's issues as JSON pointers (RFC 6901); a key that should not be there is pointed at itself, not at its parent. */
export function inputProblems(issues: readonly Issue[]): InputProblem[] {
  return issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys' && issue.keys !== undefined
      ? issue.keys.map((key) => ({
          pointer: toPointer([...issue.path, key]),
          message: 'This key is not known here; remove it.',
        }))
      : [{ pointer: toPointer(issue.path), message: sayPlainly(issue.message) }],
  );
}

/** The refusal for an input that does not have the shape the procedure asks for; the message names the first place. */
export function invalidInput(issues: readonly Issue[]): Refusal {
  const problems = inputProblems(issues);
  const [first] = problems;
  const where = first === undefined || first.pointer === '' ? 'The input' : `The input at ${first.pointer}`;
  const more = problems.length > 1 ? ` ${problems.length - 1} more in data.problems.` : '';
  return refuse(
    'input_invalid',
    `${where} is not valid: ${(first?.message ?? 'unknown problem').replace(/\.$/, '')}.${more}`,
    {
      problems,
    },
  );
}

/** SQLSTATEs, Prisma codes and socket errors that mean "the database is away", not "we have a bug". */
const AWAY = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'ETIMEDOUT',
  'EPIPE',
  'P1001',
  'P1017',
  'P2024',
  'P2037',
]);
const AWAY_SQLSTATE = /^(08|53|57P)/;

function databaseIsAway(error: unknown): boolean {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    const code = 'code' in at && typeof at.code === 'string' ? at.code : '';
    if (AWAY.has(code) || AWAY_SQLSTATE.test(code)) return true;
    if (/Connection terminated|timeout exceeded when trying to connect/.test(at.message)) return true;
  }
  return false;
}

const issuesOf = (error: TRPCError): Issue[] | null =>
  error.cause !== undefined && 'issues' in error.cause && Array.isArray(error.cause.issues)
    ? (error.cause.issues as Issue[])
    : null;

const OWN_MESSAGES: Partial<Record<TRPCError['code'], string>> = {
  PARSE_ERROR:
    'The body is not valid JSON. Send the input as one JSON value with content-type application/json.',
  BAD_REQUEST:
    'The request could not be read. Send the input as JSON: in the body of a POST, or as ?input= of a GET.',
  METHOD_NOT_SUPPORTED: 'Call queries with GET and mutations with POST.',
  UNSUPPORTED_MEDIA_TYPE: 'Send the input as JSON with content-type application/json.',
  PAYLOAD_TOO_LARGE:
    'The request body is too large. Send less, or point to the data instead of including it.',
};

/** What tRPC refused by itself (unknown procedure, wrong method, bad JSON, wrong shape); null when it is not a refusal but a fault. */
function ownRefusal(error: TRPCError): Refusal | null {
  const code = TRPC_OWN_CODES[error.code];
  if (code === undefined) return null;
  const issues = issuesOf(error);
  if (error.code === 'BAD_REQUEST' && issues !== null) return invalidInput(issues);
  return refuse(code, OWN_MESSAGES[error.code] ?? error.message);
}

/**
 * Whatever was thrown, as a refusal that leaks nothing: a fault is logged under a reference and the caller learns only that reference.
 * Total: never throws.
 */
export function refusalOf(error: unknown, log: Pick<Logger, 'error' | 'warn'>, path?: string): Refusal {
  if (error instanceof RefusedError) return error.refusal;
  const own = error instanceof TRPCError ? ownRefusal(error) : null;
  if (own !== null) return own;
  const reference = randomBytes(6).toString('hex');
  if (databaseIsAway(error)) {
    log.warn({ err: error, reference, path }, 'the database is away');
    return refuse(
      'unavailable',
      'Holdpoint cannot reach its database right now. Try again in a few seconds.',
      {
        retryAfterSeconds: 2,
      },
    );
  }
  log.error({ err: error, reference, path }, 'a request failed');
  return refuse(
    'internal',
    `Something went wrong inside Holdpoint. Try again; if it stays, give your operator this reference: ${reference}.`,
  );
}

/** The part of a refusal that goes into an error's `data`. */
export function errorData(refusal: Refusal): HoldpointErrorData {
  return {
    holdpointCode: refusal.code,
    ...(refusal.problems === undefined ? {} : { problems: refusal.problems }),
    ...(refusal.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: refusal.retryAfterSeconds }),
  };
}
