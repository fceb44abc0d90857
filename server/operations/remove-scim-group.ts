import { renderGroup } from '@/server/domain/scim-render';
import { ScimFault } from '@/server/domain/scim-shapes';
import type { ScimScope } from '@/server/domain/scopes';
import { append } from '@/server/store/audit';
import { inTransaction } from '@/server/store/database';
import { wake } from '@/server/store/outbox';
import { findScimGroup } from '@/server/store/scim-groups';
import { lockWorkspace } from '@/server/store/workspace-state';
import type { Deps } from './deps';
import { checkMatch, scimActor, scimBase } from './save-scim-person';

/** Takes a group away; whoever was in it stays. Throws `ScimFault`. */
export async function removeScimGroup(
  deps: Pick<Deps, 'db' | 'url'>,
  scope: ScimScope,
  request: { id: string; ifMatch?: string | undefined },
): Promise<void> {
  const { workspaceId } = scope;
  await inTransaction(deps.db, async (tx) => {
    await lockWorkspace(tx, workspaceId);
    const found = await findScimGroup(tx, workspaceId, request.id);
    if (found === null) throw new ScimFault(404, null, 'There is no group with this id.');
    checkMatch(request.ifMatch, renderGroup(found, scimBase(deps.url)));
    await tx.group.delete({ where: { id: found.id } });
    await append(tx, {
      workspaceId,
      kind: 'group.removed',
      actor: scimActor(scope),
      data: { name: found.name, groupId: found.id },
    });
    await wake(tx, workspaceId, { config: true });
  });
}
