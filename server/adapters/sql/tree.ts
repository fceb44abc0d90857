/** A node of libpg-query's JSON: one key in capitals naming its type, or the bare fields where the grammar allows one type only. */
export type Fields = Readonly<Record<string, unknown>>;

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const fieldsOf = (value: unknown): Fields | null => (isFields(value) ? value : null);
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
export const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** The node inside a wrapper (`{SelectStmt: {…}}`), with its type. */
export function unwrap(value: unknown): { type: string; node: Fields } | null {
  if (!isFields(value)) return null;
  const [type] = Object.keys(value);
  const node = type === undefined ? null : fieldsOf(value[type]);
  return type !== undefined && /^[A-Z]/.test(type) && node !== null ? { type, node } : null;
}

export const nodeOf = (value: unknown, type: string): Fields | null =>
  isFields(value) ? fieldsOf(value[type]) : null;

/** The strings of a dotted name (`[{String: {sval}}, …]`). */
export function nameParts(value: unknown): string[] {
  return listOf(value).flatMap((part) => {
    const text = textOf(nodeOf(part, 'String')?.sval);
    return text === null ? [] : [text];
  });
}

/**
 * Every object of a tree, whatever its depth, with the key it was found under. Written with a stack of its own:
 * a statement nested a thousand levels deep must not overflow ours.
 */
export function* everyNode(root: unknown): Generator<{ key: string; node: Fields }> {
  const stack: { key: string; value: unknown }[] = [{ key: '', value: root }];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if (Array.isArray(next.value)) {
      for (const value of next.value) stack.push({ key: next.key, value });
    } else if (isFields(next.value)) {
      yield { key: next.key, node: next.value };
      for (const [key, value] of Object.entries(next.value)) {
        if (typeof value === 'object' && value !== null) stack.push({ key, value });
      }
    }
  }
}

/** Where something stood in the text; lists say where they start and end since PostgreSQL 18. */
const PLACE = /^(location|\w+_location|(\w+_)?list_(start|end))$/;

/** A tree without the positions of its parts in the text, to be compared with another's. */
export function withoutPlaces(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutPlaces);
  if (!isFields(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !PLACE.test(name))
      .map(([name, inner]) => [name, withoutPlaces(inner)]),
  );
}
