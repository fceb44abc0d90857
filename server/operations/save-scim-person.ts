import type { Actor, AuditEvent, AuditKind } from '@/server/domain/audit-event';
import { renderPerson, versionOf } from '@/server/domain/scim-render';
import { readScimPerson, ScimFault, type ScimJson, type ScimPerson } from '@/server/domain/scim-shapes';
import type { ScimScope } from '@/server/domain/scopes';
import { append } from '@/server/store/audit';
import { inTransaction, type Tx } from '@/server/store/database';
import type { Person, Prisma } from '@/server/store/generated/client';
import { newId } from '@/server/store/new-id';
import { wake } from '@/server/store/outbox';
import { disablePerson } from '@/server/store/people';
import { countOtherOwners, findScimNamesakes, findScimPerson } from '@/server/store/scim-people';
import { lockWorkspace } from '@/server/store/workspace-state';
import type { Deps } from './deps';
import { patchScim } from './scim-patch-ops';

/** `id` null creates; otherwise the whole user is replaced, or changed by a PATCH body. */
export type SaveScimPerson = {
  id: string | null;
  how: 'create' | 'replace' | 'patch';
  body: unknown;
  ifMatch?: string | undefined;
};

export const scimBase = (url: string): string => `${url}/scim/v2`;
export const scimActor = (scope: ScimScope): Actor => ({
  kind: 'holdpoint',
  id: scope.tokenId,
  name: `SCIM (${scope.label})`,
});

const GONE = new ScimFault(404, null, 'There is no user with this id.');

/** Addresses are the provider's, handles (@ana) are kept by hand. */
const mergeAliases = (before: readonly string[], addresses: readonly string[]): string[] =>
  [...new Set([...before.filter((alias) => !alias.includes('@', 1)), ...addresses])].sort();

async function managerFor(
  tx: Tx,
  scope: ScimScope,
  wish: ScimPerson,
  id: string | null,
): Promise<string | null> {
  if (wish.managerId === null || wish.managerId === id) return null;
  return (await findScimPerson(tx, scope.workspaceId, wish.managerId))?.id ?? null;
}

/** Somebody else who has this name or address already; those the provider deleted come back instead. */
async function findHolder(
  tx: Tx,
  scope: ScimScope,
  wish: ScimPerson,
  id: string | null,
): Promise<Person | null> {
  const namesakes = (await findScimNamesakes(tx, scope.workspaceId, wish)).filter((p) => p.id !== id);
  const returning = namesakes.find(
    (p) => id === null && p.departedAt !== null && p.workspaceId === scope.workspaceId,
  );
  if (namesakes.length > (returning === undefined ? 0 : 1)) {
    throw new ScimFault(
      409,
      'uniqueness',
      'Somebody has this userName or e-mail address already. Look them up and update them instead.',
    );
  }
  return returning ?? null;
}

/** What would lock people out or hand an account to another address is for an owner to do, never for a token. */
async function forbiddenChange(tx: Tx, before: Person, wish: ScimPerson): Promise<string | null> {
  if (before.email !== wish.email && before.roles.length > 0) {
    return 'This person has roles in Holdpoint, and whoever has their address signs in as them. An owner takes the roles away first, and gives them again afterwards.';
  }
  if (before.disabledAt === null && !wish.active) return lastOwner(tx, before);
  return null;
}

/** Why this person cannot be taken away; null when they can. */
export async function lastOwner(tx: Tx, person: Person): Promise<string | null> {
  if (!person.roles.includes('owner') || person.disabledAt !== null) return null;
  if ((await countOtherOwners(tx, person.workspaceId, person.id)) > 0) return null;
  return 'This is the last owner of the workspace. Make somebody else an owner in Holdpoint first.';
}

const dataOf = (wish: ScimPerson, before: Person | null, managerId: string | null) => ({
  email: wish.email,
  name: wish.name,
  userName: wish.userName,
  externalId: wish.externalId,
  kind: wish.kind,
  aliases: mergeAliases(before?.aliases ?? [], wish.addresses),
  managerId,
  profile: wish.profile as Prisma.InputJsonObject,
  source: 'scim',
  departedAt: null,
});

type Written = { person: Person; events: AuditEvent[] };

async function insert(tx: Tx, scope: ScimScope, wish: ScimPerson, now: Date): Promise<Written> {
  const managerId = await managerFor(tx, scope, wish, null);
  const person = await tx.person.create({
    data: {
      id: newId('person'),
      workspaceId: scope.workspaceId,
      ...dataOf(wish, null, managerId),
      createdAt: now,
      updatedAt: now,
      disabledAt: wish.active ? null : now,
    },
  });
  return { person, events: [eventOf(scope, 'person.created', person, {})] };
}

async function update(
  tx: Tx,
  scope: ScimScope,
  before: Person,
  wish: ScimPerson,
  now: Date,
): Promise<Written> {
  const managerId = await managerFor(tx, scope, wish, before.id);
  const returns = before.disabledAt !== null && wish.active;
  const leaves = before.disabledAt === null && !wish.active;
  const ended = leaves ? await disablePerson(tx, scope.workspaceId, before.id, now) : [];
  const person = await tx.person.update({
    where: { id: before.id },
    data: {
      ...dataOf(wish, before, managerId),
      updatedAt: now,
      // Whoever comes back comes back as somebody new: what they may do and see is given by people.
      ...(returns ? { disabledAt: null, roles: [], clearances: [] } : {}),
    },
  });
  const dropped = returns ? { droppedRoles: before.roles, droppedClearances: before.clearances } : {};
  const kind: AuditKind = leaves ? 'person.removed' : returns ? 'person.created' : 'person.updated';
  return {
    person,
    events: [
      eventOf(scope, kind, person, {
        ...dropped,
        detail: leaves ? 'disabled and signed out' : changed(before, person),
      }),
      ...ended.map((sessionId) => ({
        ...eventOf(scope, 'session.ended', person, { sessionId, reason: 'deprovisioned' }),
      })),
    ],
  };
}

const FIELDS = ['email', 'name', 'userName', 'kind', 'aliases', 'managerId', 'source'] as const;
const changed = (before: Person, after: Person): string =>
  FIELDS.filter((f) => JSON.stringify(before[f]) !== JSON.stringify(after[f])).join(', ') || 'profile';

function eventOf(
  scope: ScimScope,
  kind: AuditKind,
  person: Person,
  data: Record<string, unknown>,
): AuditEvent {
  return {
    workspaceId: scope.workspaceId,
    kind,
    actor: scimActor(scope),
    data: { name: person.email, personId: person.id, ...data },
  };
}

function wishFor(request: SaveScimPerson, before: ScimJson | null): ScimPerson {
  if (request.how !== 'patch' || before === null) return readScimPerson(request.body);
  return readScimPerson(patchScim(before, request.body));
}

/** If-Match: somebody changed it since it was read. */
export function checkMatch(ifMatch: string | undefined, resource: ScimJson): void {
  if (ifMatch === undefined || ifMatch.trim() === '*') return;
  const weak = (tag: string) => tag.trim().replace(/^W\//, '');
  if (
    ifMatch
      .split(',')
      .map(weak)
      .includes(weak(versionOf(resource)))
  )
    return;
  throw new ScimFault(412, null, 'It was changed since you read it. Read it again.');
}

type Saved = { resource: ScimJson; created: boolean };

/** Everything inside the transaction. A fault that is returned leaves the log entry that it was tried; one that is thrown leaves nothing. */
async function save(
  tx: Tx,
  scope: ScimScope,
  request: SaveScimPerson,
  of: { base: string; now: Date },
): Promise<Saved | ScimFault> {
  const found = request.id === null ? null : await findScimPerson(tx, scope.workspaceId, request.id);
  if (request.id !== null && found === null) throw GONE;
  const shown = found === null ? null : renderPerson(found, of.base);
  if (shown !== null) checkMatch(request.ifMatch, shown);
  const wish = wishFor(request, shown);
  const holder = await findHolder(tx, scope, wish, request.id);
  const before = found ?? holder;
  if (before === null) {
    const { person, events } = await insert(tx, scope, wish, of.now);
    await append(tx, ...events);
    await wake(tx, scope.workspaceId, { config: true });
    return { resource: renderPerson(person, of.base), created: true };
  }
  const refused = await forbiddenChange(tx, before, wish);
  if (refused !== null) {
    await append(tx, eventOf(scope, 'scim.refused', before, { reason: refused }));
    return new ScimFault(403, 'mutability', refused);
  }
  const { person, events } = await update(tx, scope, before, wish, of.now);
  const resource = renderPerson(person, of.base);
  const same = found?.source === 'scim' && shown !== null && versionOf(shown) === versionOf(resource);
  if (!same) {
    await append(tx, ...events);
    await wake(tx, scope.workspaceId, { config: true });
  }
  return { resource, created: found === null };
}

/**
 * Adds or changes a person as an identity provider says, in one transaction with the log. Never gives a role or a clearance; somebody
 * deactivated is disabled at once and signed out everywhere; the last owner and the sign-in address of anybody with roles stay, and the log
 * says that it was tried. Throws `ScimFault`.
 */
export async function saveScimPerson(
  deps: Pick<Deps, 'db' | 'clock' | 'url'>,
  scope: ScimScope,
  request: SaveScimPerson,
): Promise<Saved> {
  const of = { base: scimBase(deps.url), now: deps.clock.now() };
  const outcome = await inTransaction(deps.db, async (tx) => {
    await lockWorkspace(tx, scope.workspaceId);
    return save(tx, scope, request, of);
  });
  if (outcome instanceof ScimFault) throw outcome;
  return outcome;
}
