import type { OriginFact } from '@/server/domain/origins';

export type ArgumentLeaf = { pointer: string; path: string; value: string; quoted: boolean };

const escapePointer = (key: string): string => key.replace(/~/g, '~0').replace(/\//g, '~1');

/** What a value is as one line: strings as they are, the rest as JSON. Empty lists and objects are leaves too, so that nothing is left out. */
function leafOf(pointer: string, path: string, value: unknown): ArgumentLeaf {
  return typeof value === 'string'
    ? { pointer, path, value, quoted: true }
    : { pointer, path, value: JSON.stringify(value) ?? 'undefined', quoted: false };
}

/** Every value of the arguments with its JSON pointer, in the order they were sent. Nothing is summarised away. */
export function argumentLeaves(value: unknown, pointer = '', path = ''): ArgumentLeaf[] {
  if (Array.isArray(value) && value.length > 0) {
    return value.flatMap((each, index) => argumentLeaves(each, `${pointer}/${index}`, `${path}[${index}]`));
  }
  if (value !== null && typeof value === 'object' && Object.keys(value).length > 0) {
    return Object.entries(value).flatMap(([key, each]) =>
      argumentLeaves(each, `${pointer}/${escapePointer(key)}`, path ? `${path}.${key}` : key),
    );
  }
  return [leafOf(pointer, path, value)];
}

/** Origins of one argument; a statement can carry several values of different origin. */
export const originsAt = (origins: readonly OriginFact[], pointer: string): OriginFact[] =>
  origins.filter((origin) => origin.pointer === pointer);
