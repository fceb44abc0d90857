import { leadingNames } from './json-path';

/** One argument a schema describes, as a path of an effect map would name it. */
export type SchemaPath = { path: string; type: string; description: string };

export type Schema = Readonly<Record<string, unknown>>;
const MAX_PATHS = 300;
const MAX_LEVELS = 6;

export const isSchema = (value: unknown): value is Schema =>
  value !== null && typeof value === 'object' && !Array.isArray(value);
export const own = (schema: Schema, key: string): unknown =>
  Object.hasOwn(schema, key) ? schema[key] : undefined;

/** `$.a` for plain names, `$['a b']` for others. */
const childPath = (path: string, name: string): string =>
  /^[A-Za-z_][A-Za-z0-9_]*$/.test(name)
    ? `${path}.${name}`
    : `${path}['${name.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}']`;

/** Definitions of the same schema are followed; others are not: nothing is fetched. */
export function resolve(schema: Schema, root: Schema): Schema {
  let at = schema;
  for (let steps = 0; steps < 10; steps++) {
    const ref = own(at, '$ref');
    if (typeof ref !== 'string' || !ref.startsWith('#/')) return at;
    let target: unknown = root;
    for (const part of ref.slice(2).split('/')) {
      const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
      target = isSchema(target) ? own(target, key) : undefined;
    }
    if (!isSchema(target)) return at;
    at = target;
  }
  return at;
}

function typeOf(schema: Schema): string {
  const type = own(schema, 'type');
  if (typeof type === 'string') return type;
  if (Array.isArray(type)) return type.join(' or ');
  if (Array.isArray(own(schema, 'enum'))) return 'choice';
  return isSchema(own(schema, 'properties')) ? 'object' : 'any';
}

/** A schema and what it is combined from, each with its own properties. */
function parts(schema: Schema, root: Schema): Schema[] {
  const at = resolve(schema, root);
  const combined = ['allOf', 'anyOf', 'oneOf'].flatMap((key) => own(at, key) ?? []);
  return [at, ...combined.filter(isSchema).map((part) => resolve(part, root))];
}

/** Every argument of a schema that a path can name, in its order, lists as `[*]`. Bounded in depth and number. */
export function pathsInSchema(root: Schema): SchemaPath[] {
  const found = new Map<string, SchemaPath>();
  const visit = (schema: Schema, path: string, levels: number): void => {
    if (levels > MAX_LEVELS) return;
    for (const part of parts(schema, root)) {
      const properties = own(part, 'properties');
      for (const [name, child] of Object.entries(isSchema(properties) ? properties : {})) {
        if (isSchema(child)) add(resolve(child, root), childPath(path, name), levels + 1);
      }
      const items = own(part, 'items');
      if (isSchema(items)) add(resolve(items, root), `${path}[*]`, levels + 1);
    }
  };
  const add = (schema: Schema, path: string, levels: number): void => {
    if (found.has(path) || found.size >= MAX_PATHS) return;
    const description = own(schema, 'description');
    found.set(path, {
      path,
      type: typeOf(schema),
      description: typeof description === 'string' ? description.slice(0, 200) : '',
    });
    visit(schema, path, levels);
  };
  visit(root, '$', 0);
  return [...found.values()];
}

/** The first argument a path names that a closed schema does not have; null when it fits or the schema leaves it open. */
export function unknownArgument(path: string, root: Schema): string | null {
  let at: Schema = resolve(root, root);
  for (const name of leadingNames(path)) {
    const properties = own(at, 'properties');
    const child = isSchema(properties) ? own(properties, name) : undefined;
    if (isSchema(child)) at = resolve(child, root);
    else {
      const isClosed = own(at, 'additionalProperties') === false && parts(at, root).length === 1;
      return isClosed ? name : null;
    }
  }
  return null;
}
