import { type ScimPatchOperation, scimPatch } from 'scim-patch';
import {
  ENTERPRISE_SCHEMA,
  GROUP_SCHEMA,
  invalid,
  ScimFault,
  type ScimJson,
  USER_SCHEMA,
} from '@/server/domain/scim-shapes';

const OPS_MAX = 1_000;
/** The library walks paths through any object; these lead out of the resource. */
const OUTSIDE = /(^|[.:"[\]\s])(__proto__|prototype|constructor)([.:"[\]\s]|$)/i;

const isObject = (value: unknown): value is ScimJson =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

/** A path with its schema's name taken off; the enterprise extension becomes a plain attribute for the time of the patch. */
function plainPath(path: string): string {
  const bare = path.trim();
  for (const schema of [USER_SCHEMA, GROUP_SCHEMA]) {
    if (bare.toLowerCase().startsWith(`${schema.toLowerCase()}:`)) return bare.slice(schema.length + 1);
  }
  if (bare.toLowerCase() === ENTERPRISE_SCHEMA.toLowerCase()) return 'enterprise';
  if (bare.toLowerCase().startsWith(`${ENTERPRISE_SCHEMA.toLowerCase()}:`)) {
    return `enterprise.${bare.slice(ENTERPRISE_SCHEMA.length + 1)}`;
  }
  return bare;
}

/** Attribute names are case-insensitive in SCIM; the library's are not. */
const NAMES = [
  'userName',
  'displayName',
  'externalId',
  'active',
  'emails',
  'name',
  'members',
  'title',
  'userType',
  'nickName',
  'locale',
  'timezone',
  'preferredLanguage',
  'phoneNumbers',
  'addresses',
  'roles',
];
const canonical = (path: string): string => {
  const [, head = '', rest = ''] = /^([A-Za-z]+)(.*)$/s.exec(path) ?? [];
  const known = NAMES.find((name) => name.toLowerCase() === head.toLowerCase());
  return known === undefined ? path : known + rest;
};

function guard(value: unknown): void {
  if (Array.isArray(value)) for (const each of value) guard(each);
  else if (isObject(value)) {
    for (const [key, inner] of Object.entries(value)) {
      if (OUTSIDE.test(key)) throw new ScimFault(400, 'invalidPath', `There is no attribute ${key}.`);
      guard(inner);
    }
  }
}

const idsIn = (value: unknown): string[] =>
  (Array.isArray(value) ? value : [value]).flatMap((each) => {
    const id = isObject(each) ? each.value : each;
    return typeof id === 'string' ? [id] : [];
  });

/** One operation on one path, whatever dialect it came in. */
function onPath(op: 'add' | 'replace' | 'remove', given: string, value: unknown): ScimPatchOperation[] {
  if (OUTSIDE.test(given)) throw new ScimFault(400, 'invalidPath', `There is no attribute ${given}.`);
  const path = canonical(plainPath(given));
  if (path === 'id' || path === 'meta' || path === 'schemas') return [];
  if (path === 'members' && op === 'remove' && value !== undefined && value !== null) {
    // Entra names those to remove in the value; without one, all go.
    return idsIn(value).map((id) => ({ op: 'remove', path: `members[value eq ${JSON.stringify(id)}]` }));
  }
  const cleaned = path === 'members' && op !== 'remove' ? idsIn(value).map((id) => ({ value: id })) : value;
  if (op === 'remove') return [{ op, path }];
  return [{ op, path, value: cleaned }];
}

function toOperations(entry: unknown): ScimPatchOperation[] {
  if (!isObject(entry) || typeof entry.op !== 'string') {
    throw new ScimFault(400, 'invalidSyntax', 'Each operation has an op: add, replace or remove.');
  }
  const op = entry.op.toLowerCase();
  if (op !== 'add' && op !== 'replace' && op !== 'remove') {
    throw new ScimFault(
      400,
      'invalidSyntax',
      `There is no operation ${entry.op}; use add, replace or remove.`,
    );
  }
  guard(entry.value);
  if (entry.path !== undefined && entry.path !== null) {
    if (typeof entry.path !== 'string') throw new ScimFault(400, 'invalidPath', 'A path is a text.');
    return onPath(op, entry.path, entry.value);
  }
  if (op === 'remove') throw new ScimFault(400, 'noTarget', 'Removing needs a path.');
  if (!isObject(entry.value)) throw invalid('Without a path the value is an object of attributes.');
  return Object.entries(entry.value).flatMap(([path, value]) => onPath(op, path, value));
}

/**
 * The resource after a PATCH body as identity providers really send them: paths with filters, paths as keys of the value, capitals, texts for
 * booleans, members to remove named in the value. Throws `ScimFault` for what cannot be done; the resource given is left alone.
 */
export function patchScim(resource: ScimJson, body: unknown): ScimJson {
  const operations = isObject(body) ? (body.Operations ?? body.operations) : undefined;
  if (!Array.isArray(operations) || operations.length === 0) {
    throw new ScimFault(400, 'invalidSyntax', 'A PATCH has a list of Operations.');
  }
  if (operations.length > OPS_MAX)
    throw new ScimFault(413, 'tooMany', `At most ${OPS_MAX} operations at once.`);
  const { [ENTERPRISE_SCHEMA]: enterprise, ...rest } = structuredClone(resource);
  const start = { ...rest, ...(enterprise === undefined ? {} : { enterprise }) } as ScimJson;
  try {
    const patched = scimPatch(start as never, operations.flatMap(toOperations), {
      mutateDocument: true,
      treatMissingAsAdd: true,
    }) as ScimJson;
    const { enterprise: changed, ...others } = patched;
    return changed === undefined ? others : { ...others, [ENTERPRISE_SCHEMA]: changed };
  } catch (error) {
    if (error instanceof ScimFault) throw error;
    const why = error instanceof Error && error.message !== '' ? error.message : 'It cannot be applied';
    throw new ScimFault(400, 'invalidPath', `${why.slice(0, 300)}.`);
  }
}
