import type { Field } from './session';

/** Types whose values JSON can hold without losing anything. Everything else stays the text PostgreSQL prints. */
const EXACT_NUMBERS: ReadonlySet<number> = new Set([21, 23, 26]);
const FLOATS: ReadonlySet<number> = new Set([700, 701]);
const BOOLEAN = 16;
const JSON_TYPES: ReadonlySet<number> = new Set([114, 3802]);

const TYPE_NAMES: Readonly<Record<number, string>> = {
  16: 'boolean',
  17: 'bytea',
  20: 'bigint',
  21: 'smallint',
  23: 'integer',
  25: 'text',
  26: 'oid',
  114: 'json',
  700: 'real',
  701: 'double precision',
  1042: 'character',
  1043: 'character varying',
  1082: 'date',
  1083: 'time',
  1114: 'timestamp',
  1184: 'timestamp with time zone',
  1186: 'interval',
  1700: 'numeric',
  2950: 'uuid',
  3802: 'jsonb',
};

/** The name of a built-in type, or its number where only the target knows the name. */
export const typeName = (oid: number): string => TYPE_NAMES[oid] ?? `oid ${oid}`;

/** A printed value as JSON: a number only where that is exact, JSON as itself, all else as text. */
export function typedValue(text: string | null, typeOid: number): unknown {
  if (text === null) return null;
  if (typeOid === BOOLEAN) return text === 't' || text === 'true';
  if (EXACT_NUMBERS.has(typeOid)) return Number(text);
  if (FLOATS.has(typeOid)) return Number.isFinite(Number(text)) ? Number(text) : text;
  if (!JSON_TYPES.has(typeOid)) return isoTime(text, typeOid);
  // JSON.parse rounds numbers beyond 2^53: such a document stays text.
  if (/\d{16}/.test(text)) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** PostgreSQL separates date and time by a blank, and writes an offset without minutes; ISO 8601 wants neither. */
function isoTime(text: string, typeOid: number): string {
  if (typeOid !== 1114 && typeOid !== 1184) return text;
  return text.replace(' ', 'T').replace(/([+-]\d{2})$/, '$1:00');
}

/** One row as an object. Columns that share a name are numbered, or all but the last would vanish. */
export function typedRow(row: readonly (string | null)[], fields: readonly Field[]): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  const names = distinctNames(fields);
  fields.forEach((field, index) => {
    out[names[index] ?? field.name] = typedValue(row[index] ?? null, field.typeOid);
  });
  return out;
}

export function distinctNames(fields: readonly Field[]): string[] {
  const seen = new Map<string, number>();
  return fields.map(({ name }) => {
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? name : `${name}_${count}`;
  });
}
