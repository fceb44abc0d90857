import type { ReviewerScope } from '@/server/domain/scopes';
import type { MeView } from '@/server/domain/views';
import type { Deps } from './deps';

/** Who this session is, as of this request: roles and clearances come from the row the scope was minted from. */
export async function getMe(deps: Deps, reviewer: ReviewerScope): Promise<MeView> {
  const { prisma } = deps.db;
  const [workspace, person] = await Promise.all([
    prisma.workspace.findUniqueOrThrow({ where: { id: reviewer.workspaceId } }),
    prisma.person.findUniqueOrThrow({ where: { id: reviewer.personId }, select: { passwordHash: true } }),
  ]);
  return {
    personId: reviewer.personId,
    name: reviewer.name,
    email: reviewer.email,
    roles: [...reviewer.roles],
    clearances: [...reviewer.clearances],
    hasPassword: person.passwordHash !== null,
    workspace: { id: workspace.id, name: workspace.name },
  };
}
