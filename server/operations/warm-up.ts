import type { Deps } from './deps';
import { judgeAction } from './judge-action';
import { unmeasured } from './take-measurement';

/** Workspaces beyond these are read when somebody first needs them. */
const MOST_WORKSPACES = 5;
const NOBODY = { id: '', name: 'nobody', clearances: [], ownerId: '' };
const NOTHING = { code: 'analyzer_error', message: 'Nothing was measured.' } as const;

/**
 * Reads what judging needs and judges something made up, in each workspace: preparing a policy takes half a second, which the first agent after
 * a start would wait for. Writes nothing; what cannot be read now is read by whoever first needs it, who is then told why it cannot.
 */
export async function warmUp(
  deps: Pick<Deps, 'db' | 'policies' | 'catalog' | 'directories' | 'calendar' | 'clock'>,
): Promise<void> {
  const workspaces = await deps.db.prisma.workspace.findMany({
    take: MOST_WORKSPACES,
    select: { id: true },
    orderBy: { id: 'desc' },
  });
  for (const { id } of workspaces) {
    const [inForce, [tool]] = await Promise.all([
      deps.policies.get(id),
      deps.catalog.listTools(id),
      deps.directories.get(id),
    ]);
    if (tool !== undefined) judgeAction(deps, inForce, NOBODY, tool, unmeasured(deps, NOTHING));
  }
}
