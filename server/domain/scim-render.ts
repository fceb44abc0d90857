import { sha256 } from './canonical';
import { ENTERPRISE_SCHEMA, GROUP_SCHEMA, type ScimJson, USER_SCHEMA } from './scim-shapes';

/** A person as it is stored, as far as SCIM shows it. */
export type RenderedPerson = {
  id: string;
  email: string;
  name: string;
  userName: string | null;
  externalId: string | null;
  kind: string;
  aliases: readonly string[];
  managerId: string | null;
  profile: unknown;
  disabledAt: Date | null;
  createdAt: Date;
  updatedAt: Date;
};
export type RenderedGroup = {
  id: string;
  name: string;
  externalId: string | null;
  createdAt: Date;
  updatedAt: Date;
  members: readonly {
    personId: string | null;
    memberGroupId: string | null;
    person: { name: string } | null;
    memberGroup: { name: string } | null;
  }[];
};

const withMeta = (
  resource: ScimJson,
  of: { type: 'User' | 'Group'; id: string; createdAt: Date; updatedAt: Date; base: string },
): ScimJson => ({
  ...resource,
  meta: {
    resourceType: of.type,
    created: of.createdAt.toISOString(),
    lastModified: of.updatedAt.toISOString(),
    location: `${of.base}/${of.type}s/${of.id}`,
    version: `W/"${sha256(JSON.stringify(resource)).slice(0, 24)}"`,
  },
});

export const versionOf = (resource: ScimJson): string => (resource.meta as { version: string }).version;

/** A person as SCIM writes them. `version` changes exactly when something in it does. */
export function renderPerson(person: RenderedPerson, base: string): ScimJson {
  const { enterprise, ...profile } = (person.profile ?? {}) as ScimJson;
  const manager = person.managerId === null ? {} : { manager: { value: person.managerId } };
  const extension = { ...(enterprise as ScimJson | undefined), ...manager };
  const extended = Object.keys(extension).length > 0;
  const others = person.aliases.filter((alias) => alias.includes('@', 1));
  return withMeta(
    {
      schemas: [USER_SCHEMA, ...(extended ? [ENTERPRISE_SCHEMA] : [])],
      id: person.id,
      ...(person.externalId === null ? {} : { externalId: person.externalId }),
      ...profile,
      userName: person.userName ?? person.email,
      displayName: person.name,
      name: (profile.name as ScimJson | undefined) ?? { formatted: person.name },
      active: person.disabledAt === null,
      emails: [
        { value: person.email, type: 'work', primary: true },
        ...others.map((value) => ({ value, type: 'other' })),
      ],
      ...(profile.userType === undefined && person.kind === 'guest' ? { userType: 'Guest' } : {}),
      ...(extended ? { [ENTERPRISE_SCHEMA]: extension } : {}),
    },
    { type: 'User', id: person.id, createdAt: person.createdAt, updatedAt: person.updatedAt, base },
  );
}

/** A group as SCIM writes it, members sorted so that equal groups have equal versions. */
export function renderGroup(group: RenderedGroup, base: string): ScimJson {
  const members = group.members
    .flatMap((member) => {
      const [id, type, of] =
        member.personId !== null
          ? [member.personId, 'User', member.person]
          : [member.memberGroupId, 'Group', member.memberGroup];
      if (id === null) return [];
      return [{ value: id, type, display: of?.name ?? id, $ref: `${base}/${type}s/${id}` }];
    })
    .sort((a, b) => (a.value < b.value ? -1 : 1));
  return withMeta(
    {
      schemas: [GROUP_SCHEMA],
      id: group.id,
      ...(group.externalId === null ? {} : { externalId: group.externalId }),
      displayName: group.name,
      members,
    },
    { type: 'Group', id: group.id, createdAt: group.createdAt, updatedAt: group.updatedAt, base },
  );
}
