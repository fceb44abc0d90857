import { parse, stringify } from 'yaml';
import type { Effect } from '@/server/domain/catalog';

/** A tool as a workspace document has it, while it is being written: any field may still be wrong. */
export type ToolEntry = Record<string, unknown> & { name: string };

const ORDER = ['name', 'description', 'kind', 'execution', 'target', 'inputSchema', 'annotations', 'effects'];

/** The entry of a definition, in the order documents have, without what says nothing. */
export function entryOf(definition: Readonly<Record<string, unknown>>): ToolEntry {
  const known = ORDER.flatMap((key): [string, unknown][] => {
    const value = definition[key];
    const empty =
      value === null || value === undefined || (key === 'annotations' && Object.keys(value).length === 0);
    return empty ? [] : [[key, value]];
  });
  return { name: '', ...Object.fromEntries(known) };
}

export const writeEntry = (entry: Readonly<Record<string, unknown>>): string =>
  stringify(entry, { lineWidth: 0, aliasDuplicateObjects: false });

/** The entry a text stands for, or what is wrong with it. */
export function readEntry(text: string): { ok: true; entry: ToolEntry } | { ok: false; fault: string } {
  try {
    const value: unknown = parse(text, { maxAliasCount: 20 });
    if (value === null || typeof value !== 'object' || Array.isArray(value)) {
      return { ok: false, fault: 'Write the fields of one tool, like name: send_email.' };
    }
    const entry = value as Record<string, unknown>;
    return { ok: true, entry: { ...entry, name: typeof entry.name === 'string' ? entry.name : '' } };
  } catch (error) {
    return { ok: false, fault: error instanceof Error ? error.message : 'This is not YAML.' };
  }
}

/** The effects of an entry as far as they are effects at all. */
export const effectsOf = (entry: ToolEntry): Effect[] =>
  Array.isArray(entry.effects)
    ? entry.effects.filter((each): each is Effect => each !== null && typeof each === 'object')
    : [];
