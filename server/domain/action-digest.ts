import { hashOf } from './canonical';
import type { InputProblem } from './refusal';
import { isStorable } from './storable-text';

/** What makes a planned action this one and no other: who, with which tool, which arguments, for which stated reason. */
export type DigestInput = {
  workspaceId: string;
  agentId: string;
  tool: string;
  args: Readonly<Record<string, unknown>>;
  reason: string | null;
};

/** The content address of a planned action: `sha256:` and 64 hex digits over its canonical JSON (RFC 8785). */
export function actionDigest(input: DigestInput): string {
  return `sha256:${hashOf({ v: 1, ...input })}`;
}

const escapePointer = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1');

/**
 * Finds values that would not survive storing or hashing exactly: NUL characters, lone surrogates, integers beyond 2^53 that JSON parsing has
 * already rounded, numbers beyond any, keys named `__proto__`, nesting deeper than 60. What a reviewer sees must be what was sent.
 */
export function unfaithfulValues(value: unknown, pointer = '', depth = 0): InputProblem[] {
  if (depth > 60) return [{ pointer, message: 'is nested more than 60 levels deep' }];
  if (typeof value === 'string') {
    return isStorable(value)
      ? []
      : [{ pointer, message: 'contains a NUL character or half of a surrogate pair; remove it' }];
  }
  if (typeof value === 'number') {
    if (!Number.isFinite(value))
      return [{ pointer, message: 'is a number too large to keep; send it as a string' }];
    return Number.isInteger(value) && !Number.isSafeInteger(value)
      ? [{ pointer, message: 'is an integer too large for JSON numbers; send it as a string' }]
      : [];
  }
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => unfaithfulValues(item, `${pointer}/${index}`, depth + 1));
  }
  if (value !== null && typeof value === 'object') {
    return Object.entries(value).flatMap(([key, item]) => {
      // Whoever copies an object on its way loses this key, or gives the copy another prototype.
      if (key === '__proto__')
        return [{ pointer, message: 'has a key named "__proto__", which cannot be kept; rename it' }];
      return isStorable(key)
        ? unfaithfulValues(item, `${pointer}/${escapePointer(key)}`, depth + 1)
        : [{ pointer, message: 'has a key with a NUL character or half of a surrogate pair; remove it' }];
    });
  }
  return [];
}
