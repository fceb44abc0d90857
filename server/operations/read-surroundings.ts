import type { Surroundings } from '@/server/domain/surroundings';
import type { Deps } from './deps';

/**
 * Who is who and what the run has come across (up to `before`, when given), for measuring one call of it. A run that is not this workspace's is
 * none. From memory unless `fresh`: whoever writes a verdict that rests on it compares the run's revision.
 */
export async function readSurroundings(
  deps: Pick<Deps, 'directories' | 'runs'>,
  of: { workspaceId: string; runId: string | null },
  options: { fresh?: boolean; before?: { actionId: string; at: Date } } = {},
): Promise<Surroundings> {
  const { workspaceId, runId } = of;
  const read = (id: string) => {
    if (options.before) return deps.runs.before(workspaceId, id, options.before);
    return options.fresh ? deps.runs.refresh(workspaceId, id) : deps.runs.get(workspaceId, id);
  };
  const [directory, run] = await Promise.all([
    deps.directories.get(workspaceId),
    runId === null ? null : read(runId),
  ]);
  return { directory, run };
}
