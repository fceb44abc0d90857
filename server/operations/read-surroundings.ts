import type { Directory } from '@/server/domain/directory';
import type { Surroundings } from '@/server/domain/surroundings';
import { loadRunSoFar } from '@/server/store/run-so-far';
import type { Deps } from './deps';

/** Names and addresses of everybody: a value that stands among them was not made up. */
const namesIn = (directory: Directory): string[] => [
  ...[...directory.people.values()].flatMap((p) => [p.email, p.name, ...p.aliases]),
  ...[...directory.groups.values()].flatMap((g) => [g.name, ...g.aliases]),
];

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
  if (run === null) return { directory, run };
  return { directory, run: { ...run, sources: { ...run.sources, directory: namesIn(directory) } } };
}
