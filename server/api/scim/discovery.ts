import { ENTERPRISE_SCHEMA, GROUP_SCHEMA, type ScimJson, USER_SCHEMA } from '@/server/domain/scim-shapes';

const CONFIG = 'urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig';
const TYPE = 'urn:ietf:params:scim:schemas:core:2.0:ResourceType';
const SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:Schema';

type Attribute = {
  name: string;
  type?: string;
  required?: boolean;
  multi?: boolean;
  sub?: Attribute[];
  unique?: boolean;
  readOnly?: boolean;
  exact?: boolean;
};

const attribute = (a: Attribute): ScimJson => ({
  name: a.name,
  type: a.type ?? (a.sub ? 'complex' : 'string'),
  multiValued: a.multi ?? false,
  required: a.required ?? false,
  caseExact: a.exact ?? false,
  mutability: a.readOnly ? 'readOnly' : 'readWrite',
  returned: 'default',
  uniqueness: a.unique ? 'server' : 'none',
  ...(a.sub ? { subAttributes: a.sub.map(attribute) } : {}),
});

const MULTI: Attribute[] = [{ name: 'value' }, { name: 'type' }, { name: 'primary', type: 'boolean' }];
const USER: Attribute[] = [
  { name: 'userName', required: true, unique: true },
  { name: 'externalId', exact: true },
  { name: 'displayName' },
  { name: 'name', sub: [{ name: 'formatted' }, { name: 'givenName' }, { name: 'familyName' }] },
  { name: 'active', type: 'boolean' },
  { name: 'emails', multi: true, sub: MULTI },
  { name: 'userType' },
  { name: 'title' },
  { name: 'nickName' },
  { name: 'preferredLanguage' },
  { name: 'locale' },
  { name: 'timezone' },
  { name: 'phoneNumbers', multi: true, sub: MULTI },
];
const GROUP: Attribute[] = [
  { name: 'displayName', required: true, unique: true },
  { name: 'externalId', exact: true },
  {
    name: 'members',
    multi: true,
    sub: [
      { name: 'value' },
      { name: 'type' },
      { name: 'display', readOnly: true },
      { name: '$ref', type: 'reference', readOnly: true },
    ],
  },
];
const ENTERPRISE: Attribute[] = [
  { name: 'department' },
  { name: 'employeeNumber' },
  { name: 'organization' },
  { name: 'division' },
  { name: 'costCenter' },
  { name: 'manager', sub: [{ name: 'value' }, { name: 'displayName', readOnly: true }] },
];

const schema = (id: string, name: string, attributes: Attribute[], base: string): ScimJson => ({
  schemas: [SCHEMA],
  id,
  name,
  description: name,
  attributes: attributes.map(attribute),
  meta: { resourceType: 'Schema', location: `${base}/Schemas/${id}` },
});

const type = (name: 'User' | 'Group', id: string, base: string): ScimJson => ({
  schemas: [TYPE],
  id: name,
  name,
  endpoint: `/${name}s`,
  description: name,
  schema: id,
  ...(name === 'User' ? { schemaExtensions: [{ schema: ENTERPRISE_SCHEMA, required: false }] } : {}),
  meta: { resourceType: 'ResourceType', location: `${base}/ResourceTypes/${name}` },
});

/** What this provider can do (RFC 7643, 5): said by what is implemented, nothing more. */
export const serviceProviderConfig = (base: string, pageMax: number): ScimJson => ({
  schemas: [CONFIG],
  patch: { supported: true },
  bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
  filter: { supported: true, maxResults: pageMax },
  changePassword: { supported: false },
  sort: { supported: false },
  etag: { supported: true },
  authenticationSchemes: [
    {
      type: 'oauthbearertoken',
      name: 'Bearer token',
      description: 'A token made on the Directory page, sent as Authorization: Bearer hps_…',
      primary: true,
    },
  ],
  meta: { resourceType: 'ServiceProviderConfig', location: `${base}/ServiceProviderConfig` },
});

export const resourceTypes = (base: string): ScimJson[] => [
  type('User', USER_SCHEMA, base),
  type('Group', GROUP_SCHEMA, base),
];

export const schemas = (base: string): ScimJson[] => [
  schema(USER_SCHEMA, 'User', USER, base),
  schema(GROUP_SCHEMA, 'Group', GROUP, base),
  schema(ENTERPRISE_SCHEMA, 'EnterpriseUser', ENTERPRISE, base),
];
