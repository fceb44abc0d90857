import { isSchema, own, resolve, type Schema } from './schema-paths';

const MAX_VALUES = 300;
const MAX_LEVELS = 8;

const FORMATS: Readonly<Record<string, string>> = {
  email: 'ana@example.com',
  uri: 'https://example.com/page',
  date: '2026-01-31',
  'date-time': '2026-01-31T09:00:00Z',
  time: '09:00:00Z',
  duration: 'PT1H',
  uuid: '3f0c2b1e-8a4d-4c57-9b5e-0f6f2d1c7a90',
  ipv4: '192.0.2.1',
  ipv6: '2001:db8::1',
  hostname: 'example.com',
};

/** What the schema itself gives as a value, most telling first. */
function given(schema: Schema): { value: unknown } | null {
  if (Object.hasOwn(schema, 'const')) return { value: schema.const };
  for (const key of ['examples', 'enum']) {
    const values = own(schema, key);
    if (Array.isArray(values) && values.length > 0) return { value: values[0] };
  }
  if (Object.hasOwn(schema, 'example')) return { value: schema.example };
  return Object.hasOwn(schema, 'default') ? { value: schema.default } : null;
}

function textFor(schema: Schema, name: string): string {
  const format = own(schema, 'format');
  const known = typeof format === 'string' && Object.hasOwn(FORMATS, format) ? FORMATS[format] : undefined;
  if (known !== undefined) return known;
  if (/mail|recipient|attendee|participant/i.test(name)) return 'ana@example.com';
  if (/currency/i.test(name)) return 'EUR';
  const [min, max] = [Number(own(schema, 'minLength') ?? 0), Number(own(schema, 'maxLength') ?? 200)];
  return `some ${name || 'text'}`.padEnd(Math.min(min, 200), '.').slice(0, Math.max(0, max));
}

function typeOf(schema: Schema): unknown {
  const type = own(schema, 'type');
  if (type !== undefined) return Array.isArray(type) ? (type.find((t) => t !== 'null') ?? 'null') : type;
  if (isSchema(own(schema, 'properties'))) return 'object';
  return isSchema(own(schema, 'items')) ? 'array' : 'string';
}

/** A schema with what it is combined from laid over it: all of `allOf`, the first of `anyOf` and `oneOf`. */
function combine(schema: Schema, root: Schema): Schema {
  const all = own(schema, 'allOf');
  const parts = [
    ...(Array.isArray(all) ? all : []),
    ...['anyOf', 'oneOf'].flatMap((key) => {
      const choice = own(schema, key);
      return Array.isArray(choice) ? choice.slice(0, 1) : [];
    }),
  ].filter(isSchema);
  return parts.reduce<Schema>((whole, part) => {
    const at = resolve(part, root);
    const [mine, theirs] = [own(whole, 'properties'), own(at, 'properties')];
    const properties = { ...(isSchema(mine) ? mine : {}), ...(isSchema(theirs) ? theirs : {}) };
    return { ...at, ...whole, ...(Object.keys(properties).length > 0 ? { properties } : {}) };
  }, schema);
}

/**
 * Arguments that a schema describes, for trying out an effect map: every property, one element for each list. Made of at most 300 values and
 * 8 levels, whatever the schema asks for: it may come from a server that nobody trusts.
 */
export function sampleArguments(root: Schema): Record<string, unknown> {
  let left = MAX_VALUES;
  const sample = (part: unknown, name: string, levels: number): unknown => {
    left--;
    if (!isSchema(part)) return `some ${name || 'text'}`;
    const schema = combine(resolve(part, root), root);
    const known = given(schema);
    if (known !== null) return known.value;
    switch (typeOf(schema)) {
      case 'object':
        return sampleObject(schema, levels);
      case 'array':
        return left > 0 && levels < MAX_LEVELS ? [sample(own(schema, 'items') ?? {}, name, levels + 1)] : [];
      case 'integer':
      case 'number':
        return Number(own(schema, 'minimum') ?? own(schema, 'maximum') ?? 10);
      case 'boolean':
        return true;
      case 'null':
        return null;
      default:
        return textFor(schema, name);
    }
  };
  const sampleObject = (schema: Schema, levels: number): Record<string, unknown> => {
    const properties = own(schema, 'properties');
    const out: [string, unknown][] = [];
    for (const [name, child] of Object.entries(isSchema(properties) ? properties : {})) {
      if (left > 0 && levels < MAX_LEVELS) out.push([name, sample(child, name, levels + 1)]);
    }
    return Object.fromEntries(out);
  };
  return sampleObject(combine(resolve(root, root), root), 0);
}
