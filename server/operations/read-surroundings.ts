import type { Surroundings } from '@/server/domain/surroundings';
import { loadRunSoFar } from '@/server/store/run-so-far';
import type { Deps } from './deps';

/** Who is who and what the run has come across (up to `before`, when given), for measuring one call of it. A run that is not this workspace's is none. */
export async function readSurroundings(
  deps: Pick<Deps, 'db' | 'directories'>,
  of: { workspaceId: string; runId: string | null },
  before?: { actionId: string; at: Date },
): Promise<Surroundings> {
  const [directory, run] = await Promise.all([
    deps.directories.get(of.workspaceId),
    of.runId === null ? null : loadRunSoFar(deps.db, of.workspaceId, of.runId, before),
  ]);
  return { directory, run };
}
