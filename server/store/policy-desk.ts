import { PUBLISH_TOOL } from '@/server/domain/publish-tool';
import type { Tx } from './database';
import { newId } from './new-id';

/** Names of the owners and security leads but for these: those who could approve a publication they wrote, or lift a halt they engaged. */
export async function listApprovers(
  db: Pick<Tx, 'person'>,
  workspaceId: string,
  excluded: readonly string[],
): Promise<string[]> {
  const people = await db.person.findMany({
    where: {
      workspaceId,
      disabledAt: null,
      roles: { hasSome: ['owner', 'security_lead'] },
      id: { notIn: [...excluded] },
    },
    orderBy: { name: 'asc' },
    select: { name: true },
  });
  return people.map((p) => p.name);
}

/**
 * What stands for a person who publishes policy: an agent without keys that they own, so that every rule about owners holds for them, and a tool
 * that is offered to nobody. Made when first needed.
 */
export async function deskOf(
  tx: Tx,
  of: { workspaceId: string; personId: string; email: string },
): Promise<{ agentId: string; toolId: string }> {
  const { workspaceId } = of;
  const agentName = `${PUBLISH_TOOL} (${of.email})`;
  const agent = await tx.agent.upsert({
    where: { workspaceId_name: { workspaceId, name: agentName } },
    create: { id: newId('agent'), workspaceId, name: agentName, ownerId: of.personId, builtIn: true },
    update: {},
  });
  const tool = await tx.tool.upsert({
    where: { workspaceId_name: { workspaceId, name: PUBLISH_TOOL } },
    create: {
      id: newId('tool'),
      workspaceId,
      name: PUBLISH_TOOL,
      description: 'Publishes a version of policy.',
      kind: 'custom',
      execution: 'broker',
      inputSchema: {},
      definitionHash: 'built-in',
      // Never in a catalog: no agent can plan with it.
      removedAt: new Date(0),
    },
    update: {},
  });
  return { agentId: agent.id, toolId: tool.id };
}
