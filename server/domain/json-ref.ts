import { isObject, type JsonObject } from './json-object';

/** Follows references inside the document; null where one leads nowhere or in a circle. */
export function resolveRef(document: JsonObject, node: unknown): JsonObject | null {
  let current = node;
  for (let hops = 0; hops < 20; hops++) {
    if (!isObject(current)) return null;
    if (typeof current.$ref !== 'string') return current;
    if (!current.$ref.startsWith('#/')) return null;
    current = current.$ref
      .slice(2)
      .split('/')
      .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
      .reduce<unknown>((at, key) => (isObject(at) && Object.hasOwn(at, key) ? at[key] : undefined), document);
  }
  return null;
}
