/** Why a SCIM request is not done, in SCIM's words (RFC 7644, 3.12). `detail` says what to do. */
export class ScimFault extends Error {
  constructor(
    readonly status: 400 | 401 | 403 | 404 | 409 | 412 | 413 | 429 | 501 | 503,
    readonly scimType: string | null,
    readonly detail: string,
  ) {
    super(detail);
  }
}
export const invalid = (detail: string): ScimFault => new ScimFault(400, 'invalidValue', detail);

export const USER_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:User';
export const GROUP_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:Group';
export const ENTERPRISE_SCHEMA = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

export type ScimJson = Record<string, unknown>;

/** A person as SCIM writes them, reduced to what Holdpoint acts on; the rest is kept in `profile` to be given back. */
export type ScimPerson = {
  userName: string;
  email: string;
  name: string;
  active: boolean;
  externalId: string | null;
  kind: 'member' | 'guest';
  /** Further addresses. */
  addresses: string[];
  managerId: string | null;
  profile: ScimJson;
};
export type ScimGroup = { displayName: string; externalId: string | null; members: string[] };

const PROFILE_MAX = 16_000;
const KEPT = [
  'name',
  'title',
  'nickName',
  'profileUrl',
  'preferredLanguage',
  'locale',
  'timezone',
  'userType',
  'phoneNumbers',
  'addresses',
  'roles',
  'entitlements',
];

const isObject = (value: unknown): value is ScimJson =>
  value !== null && typeof value === 'object' && !Array.isArray(value);
const textOf = (value: unknown): string | null =>
  typeof value === 'string' && value.trim() !== '' ? value.trim() : null;

/** Entra writes booleans as the texts "True" and "False". */
export function booleanOf(value: unknown, name: string): boolean {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'string' && /^(true|false)$/i.test(value)) return value.toLowerCase() === 'true';
  throw invalid(`${name} is true or false.`);
}

const VISIBLE = /^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]*$/u;
/** Names stand beside decisions: no characters that hide or reorder them. */
function shown(value: string, name: string, max: number): string {
  const text = value.normalize('NFC');
  if (text.length > max) throw invalid(`${name} has at most ${max} characters.`);
  if (!VISIBLE.test(text)) throw invalid(`${name} contains control or invisible characters; remove them.`);
  return text;
}

const ADDRESS = /^[^\s@]{1,64}@[^\s@]{1,190}$/;
const asAddress = (value: unknown): string | null => {
  const text = textOf(value)?.toLowerCase() ?? null;
  return text !== null && ADDRESS.test(text) && VISIBLE.test(text) ? text : null;
};

function emailsOf(json: ScimJson): { primary: string | null; all: string[] } {
  const { emails } = json;
  if (emails === undefined || emails === null) return { primary: null, all: [] };
  if (!Array.isArray(emails)) throw invalid('emails is a list of objects with a value.');
  const rows = emails.slice(0, 50).flatMap((entry) => {
    const address = asAddress(isObject(entry) ? entry.value : entry);
    if (address === null) return [];
    const flags = isObject(entry) ? entry : {};
    return [{ address, primary: flags.primary === true || flags.primary === 'True', type: flags.type }];
  });
  const primary = rows.find((row) => row.primary) ?? rows.find((row) => row.type === 'work') ?? rows[0];
  return { primary: primary?.address ?? null, all: rows.map((row) => row.address) };
}

function nameOf(json: ScimJson, fallback: string): string {
  const parts: ScimJson = isObject(json.name) ? json.name : {};
  const joined = [textOf(parts.givenName), textOf(parts.familyName)]
    .filter((part) => part !== null)
    .join(' ');
  return textOf(json.displayName) ?? textOf(parts.formatted) ?? (joined === '' ? fallback : joined);
}

function managerOf(json: ScimJson): string | null {
  const enterprise = json[ENTERPRISE_SCHEMA];
  const manager = isObject(enterprise) ? enterprise.manager : undefined;
  return textOf(isObject(manager) ? manager.value : manager);
}

/** Reads a whole user; roles, groups and clearances in it are looked over. Throws `ScimFault` for what cannot be. */
export function readScimPerson(json: unknown): ScimPerson {
  if (!isObject(json)) throw new ScimFault(400, 'invalidSyntax', 'Send a user as a JSON object.');
  const userName = textOf(json.userName);
  if (userName === null) throw invalid('userName is required.');
  const emails = emailsOf(json);
  const email = emails.primary ?? asAddress(userName);
  if (email === null) {
    throw invalid(
      'Holdpoint knows people by e-mail: map an address to emails[type eq "work"].value, or to userName.',
    );
  }
  const profile: ScimJson = Object.fromEntries(
    KEPT.flatMap((key) => (json[key] === undefined || json[key] === null ? [] : [[key, json[key]]])),
  );
  if (isObject(json[ENTERPRISE_SCHEMA])) {
    const { manager: _manager, ...rest } = json[ENTERPRISE_SCHEMA];
    profile.enterprise = rest;
  }
  if (JSON.stringify(profile).length > PROFILE_MAX)
    throw invalid('This user carries more attributes than can be kept (16 KB).');
  return {
    userName: shown(userName, 'userName', 254).toLowerCase(),
    email,
    name: shown(nameOf(json, email.split('@')[0] ?? email), 'displayName', 200),
    active: json.active === undefined || json.active === null ? true : booleanOf(json.active, 'active'),
    externalId: textOf(json.externalId)?.slice(0, 500) ?? null,
    kind: /guest|external/i.test(textOf(json.userType) ?? '') ? 'guest' : 'member',
    addresses: [...new Set(emails.all)].filter((address) => address !== email),
    managerId: managerOf(json),
    profile,
  };
}

/** Reads a whole group; members are ids of users and groups. */
export function readScimGroup(json: unknown): ScimGroup {
  if (!isObject(json)) throw new ScimFault(400, 'invalidSyntax', 'Send a group as a JSON object.');
  const displayName = textOf(json.displayName);
  if (displayName === null) throw invalid('displayName is required.');
  const { members } = json;
  if (members !== undefined && members !== null && !Array.isArray(members)) {
    throw invalid('members is a list of objects with a value.');
  }
  const ids = (members ?? []).map((member: unknown) => {
    const id = textOf(isObject(member) ? member.value : member);
    if (id === null) throw invalid('Each member has the id of a user or group as its value.');
    return id;
  });
  return {
    displayName: shown(displayName, 'displayName', 200),
    externalId: textOf(json.externalId)?.slice(0, 500) ?? null,
    members: [...new Set(ids)],
  };
}
