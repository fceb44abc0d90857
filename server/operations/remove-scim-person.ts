import { renderPerson } from '@/server/domain/scim-render';
import { ScimFault } from '@/server/domain/scim-shapes';
import type { ScimScope } from '@/server/domain/scopes';
import { append } from '@/server/store/audit';
import { inTransaction } from '@/server/store/database';
import { wake } from '@/server/store/outbox';
import { disablePerson } from '@/server/store/people';
import { findScimPerson } from '@/server/store/scim-people';
import { lockWorkspace } from '@/server/store/workspace-state';
import type { Deps } from './deps';
import { checkMatch, lastOwner, scimActor, scimBase } from './save-scim-person';

/**
 * Takes a person away as an identity provider says: disabled and signed out at once, out of every group, and unknown to the provider from now
 * on. Their history stays. The last owner stays, and the log says that it was tried. Throws `ScimFault`.
 */
export async function removeScimPerson(
  deps: Pick<Deps, 'db' | 'clock' | 'url'>,
  scope: ScimScope,
  request: { id: string; ifMatch?: string | undefined },
): Promise<void> {
  const { workspaceId } = scope;
  const now = deps.clock.now();
  const outcome = await inTransaction(deps.db, async (tx) => {
    await lockWorkspace(tx, workspaceId);
    const person = await findScimPerson(tx, workspaceId, request.id);
    if (person === null) throw new ScimFault(404, null, 'There is no user with this id.');
    checkMatch(request.ifMatch, renderPerson(person, scimBase(deps.url)));
    const data = { name: person.email, personId: person.id };
    const actor = scimActor(scope);
    const refused = await lastOwner(tx, person);
    if (refused !== null) {
      await append(tx, { workspaceId, kind: 'scim.refused', actor, data: { ...data, reason: refused } });
      return new ScimFault(403, 'mutability', refused);
    }
    const ended = await disablePerson(tx, workspaceId, person.id, now);
    await tx.groupMember.deleteMany({ where: { workspaceId, personId: person.id } });
    await tx.person.update({
      where: { id: person.id },
      data: { departedAt: now, updatedAt: now, externalId: null, userName: null },
    });
    await append(
      tx,
      {
        workspaceId,
        kind: 'person.removed',
        actor,
        data: { ...data, detail: 'deleted by the identity provider' },
      },
      ...ended.map((sessionId) => ({
        workspaceId,
        kind: 'session.ended' as const,
        actor,
        data: { ...data, sessionId, reason: 'deprovisioned' },
      })),
    );
    await wake(tx, workspaceId, { config: true });
    return null;
  });
  if (outcome !== null) throw outcome;
}
