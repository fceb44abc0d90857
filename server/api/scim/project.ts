import type { ScimJson } from '@/server/domain/scim-shapes';

const ALWAYS = new Set(['schemas', 'id']);
const names = (list: string | null): string[] =>
  (list ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '')
    .slice(0, 100);

/** Only the attributes asked for, or all but those (RFC 7644, 3.9); top-level names, which is what providers ask for. */
export function project(resource: ScimJson, attributes: string | null, excluded: string | null): ScimJson {
  const [wanted, unwanted] = [names(attributes), names(excluded)];
  const heads = wanted.map((name) => name.replace(/^urn:.*:/, '').split('.')[0] ?? name);
  return Object.fromEntries(
    Object.entries(resource).filter(([key]) => {
      const name = key.toLowerCase();
      if (ALWAYS.has(key)) return true;
      if (wanted.length > 0) return heads.includes(name) || wanted.includes(name);
      return !unwanted.includes(name);
    }),
  );
}
