import { isObject, type JsonObject } from './json-object';
import { resolveRef } from './json-ref';

/** The words of JSON Schema that decide whether a value fits. Everything else of an OpenAPI schema is for people. */
const KEPT = new Set([
  'type',
  'enum',
  'const',
  'required',
  'pattern',
  'format',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'uniqueItems',
  'minProperties',
  'maxProperties',
  'description',
]);
const ONE = new Set([
  'items',
  'not',
  'additionalProperties',
  'contains',
  'propertyNames',
  'if',
  'then',
  'else',
]);
const MANY = new Set(['allOf', 'anyOf', 'oneOf', 'prefixItems']);
const NAMED = new Set(['properties', 'patternProperties']);
/** Formats that are checked; others (int32, password, binary) say how a value is meant, not what it is. */
const FORMATS = new Set([
  'date',
  'time',
  'date-time',
  'duration',
  'uri',
  'email',
  'hostname',
  'ipv4',
  'ipv6',
  'uuid',
]);

/**
 * The schema as JSON Schema 2020-12 that stands alone: what it refers to is among its `$defs`. OpenAPI 3.0's `nullable` and boolean
 * `exclusiveMinimum` become what they mean.
 */
export function toJsonSchema(document: JsonObject, schema: unknown): JsonObject {
  const defs = new Map<string, JsonObject | null>();
  const converted = convert(document, schema, defs);
  if (defs.size === 0) return converted;
  return { ...converted, $defs: Object.fromEntries(defs) };
}

const nameOf = (ref: string): string => ref.slice(2).replace(/[^A-Za-z0-9_.-]/g, '_');

function convert(document: JsonObject, schema: unknown, defs: Map<string, JsonObject | null>): JsonObject {
  if (schema === false) return { not: {} };
  if (!isObject(schema)) return {};
  if (typeof schema.$ref === 'string') {
    const name = nameOf(schema.$ref);
    if (!defs.has(name)) {
      // Known before it is converted: a schema may contain itself.
      defs.set(name, null);
      defs.set(name, convert(document, resolveRef(document, schema), defs));
    }
    return { $ref: `#/$defs/${name}` };
  }
  return nullable(schema, bounded(convertWords(document, schema, defs)));
}

function convertWords(
  document: JsonObject,
  schema: JsonObject,
  defs: Map<string, JsonObject | null>,
): JsonObject {
  const out: JsonObject = {};
  for (const [key, value] of Object.entries(schema)) {
    if (key === 'format' && !FORMATS.has(String(value))) continue;
    if (KEPT.has(key)) out[key] = value;
    else if (ONE.has(key)) out[key] = typeof value === 'boolean' ? value : convert(document, value, defs);
    else if (MANY.has(key) && Array.isArray(value))
      out[key] = value.map((each) => convert(document, each, defs));
    else if (NAMED.has(key) && isObject(value)) {
      out[key] = Object.fromEntries(
        Object.entries(value).map(([name, each]) => [name, convert(document, each, defs)]),
      );
    }
  }
  return out;
}

function bounded(schema: JsonObject): JsonObject {
  const out = { ...schema };
  for (const [exclusive, inclusive] of [
    ['exclusiveMinimum', 'minimum'],
    ['exclusiveMaximum', 'maximum'],
  ] as const) {
    if (typeof out[exclusive] !== 'boolean') continue;
    if (out[exclusive] === true && out[inclusive] !== undefined) {
      out[exclusive] = out[inclusive];
      delete out[inclusive];
    } else delete out[exclusive];
  }
  // Comparing every pair of a long list is not instant.
  if (out.uniqueItems === true && !(typeof out.maxItems === 'number' && out.maxItems <= 1_000))
    out.maxItems = 1_000;
  return out;
}

function nullable(raw: JsonObject, schema: JsonObject): JsonObject {
  if (raw.nullable !== true) return schema;
  const { description, ...rest } = schema;
  return { anyOf: [rest, { type: 'null' }], ...(description === undefined ? {} : { description }) };
}

/** Classes a schema or anything within it declares (`x-holdpoint: { classes: [...] }`), for example on a property. */
export function classesIn(document: JsonObject, schema: unknown, seen = new Set<unknown>()): string[] {
  const node = resolveRef(document, schema);
  if (node === null || seen.has(node)) return [];
  seen.add(node);
  const own = isObject(node['x-holdpoint']) ? node['x-holdpoint'].classes : undefined;
  const inner = Object.entries(node).flatMap(([key, value]) => {
    if (ONE.has(key)) return classesIn(document, value, seen);
    if (MANY.has(key) && Array.isArray(value))
      return value.flatMap((each) => classesIn(document, each, seen));
    return NAMED.has(key) && isObject(value)
      ? Object.values(value).flatMap((each) => classesIn(document, each, seen))
      : [];
  });
  return [...(Array.isArray(own) ? own.filter((c) => typeof c === 'string') : []), ...inner];
}
