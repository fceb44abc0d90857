import type { PostgresTarget } from '@/server/domain/catalog';
import type { PlannedCall } from '@/server/domain/ports';
import type { InputProblem } from '@/server/domain/refusal';
import { type Gate, readStatement } from './gate';

export type SqlCall = { gate: Gate; params: readonly unknown[]; target: PostgresTarget | null };

const MAX_PARAMS = 1_000;

/** The statement and parameters of a call, or everything that is wrong with them, with a pointer each. */
export function readSqlCall(
  call: PlannedCall,
): { ok: true; sql: SqlCall } | { ok: false; problems: InputProblem[] } {
  const {
    statement,
    params = [],
    ...others
  } = call.values === undefined ? call.args : { statement: call.args.statement, params: call.values };
  const problems: InputProblem[] = Object.keys(others).map((name) => ({
    pointer: `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`,
    message: 'Unknown argument. A SQL tool takes `statement` and, optionally, `params`.',
  }));
  if (typeof statement !== 'string') {
    problems.push({ pointer: '/statement', message: 'Required: one SQL statement, as text.' });
  }
  if (!Array.isArray(params)) {
    problems.push({ pointer: '/params', message: 'Must be an array with one value for each of $1, $2, ….' });
  }
  if (typeof statement !== 'string' || !Array.isArray(params)) return { ok: false, problems };
  const parsed = readStatement(statement);
  if (!parsed.ok) return { ok: false, problems: [...problems, ...parsed.problems] };
  problems.push(...problemsOfParams(params, parsed.gate));
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, sql: { gate: parsed.gate, params, target: postgresTarget(call) } };
}

function problemsOfParams(params: readonly unknown[], gate: Gate): InputProblem[] {
  if (params.length > MAX_PARAMS)
    return [{ pointer: '/params', message: `At most ${MAX_PARAMS} parameters.` }];
  if (gate.forbidden === null && params.length !== gate.paramCount) {
    const wanted =
      gate.paramCount === 0
        ? 'no parameters'
        : `${gate.paramCount} parameter${gate.paramCount === 1 ? '' : 's'} ($1${gate.paramCount > 1 ? `–$${gate.paramCount}` : ''})`;
    return [{ pointer: '/params', message: `The statement takes ${wanted}, ${params.length} given.` }];
  }
  return params.flatMap((value, i) => {
    const problem = problemOfValue(value);
    return problem === null ? [] : [{ pointer: `/params/${i}`, message: problem }];
  });
}

function problemOfValue(value: unknown): string | null {
  if (typeof value === 'string' && value.includes('\0'))
    return 'Holds a NUL character, which PostgreSQL does not accept.';
  if (typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value)) {
    return 'This number is not exact in JSON beyond 2^53. Send it as text.';
  }
  if (value === undefined || typeof value === 'function' || typeof value === 'symbol')
    return 'Must be a JSON value.';
  return null;
}

/** The database a call acts on; null when its tool has none. */
export const postgresTarget = ({ tool }: PlannedCall): PostgresTarget | null =>
  tool.target?.kind === 'postgres' ? tool.target : null;
