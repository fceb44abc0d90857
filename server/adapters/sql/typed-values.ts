import type { Field } from './answer';

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
export const typedValue = (text: string | null, typeOid: number): unknown => converterOf(typeOid)(text);

/** The same for all values of one type. */
export function converterOf(typeOid: number): (text: string | null) => unknown {
  const convert = CONVERTERS[typeOid];
  return convert === undefined ? (text) => text : (text) => (text === null ? null : convert(text));
}

const toNumber = (text: string): number => Number(text);
const toFloat = (text: string): number | string => (Number.isFinite(Number(text)) ? Number(text) : text);

function toJson(text: string): unknown {
  // JSON.parse rounds numbers beyond 2^53: such a document stays text.
  if (/\d{16}/.test(text)) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** PostgreSQL separates date and time by a blank, and writes an offset without minutes; ISO 8601 wants neither. */
function toIsoTime(text: string): string {
  const iso = text.replace(' ', 'T');
  const sign = iso.at(-3);
  return (sign === '+' || sign === '-') && iso.includes(':') ? `${iso}:00` : iso;
}

/** Numbers and JSON only where JSON can hold them without losing anything: everything else stays the text PostgreSQL prints. */
const CONVERTERS: Readonly<Record<number, (text: string) => unknown>> = {
  16: (text) => text === 't' || text === 'true',
  21: toNumber,
  23: toNumber,
  26: toNumber,
  700: toFloat,
  701: toFloat,
  114: toJson,
  3802: toJson,
  1114: toIsoTime,
  1184: toIsoTime,
};

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
