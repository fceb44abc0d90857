import type { Directory } from '@/server/domain/directory';
import type { Surroundings } from '@/server/domain/surroundings';
import type { Deps } from './deps';

const names = new WeakMap<Directory, string[]>();

/** Names and addresses of everybody: a value that stands among them was not made up. Gathered once for each directory that was loaded. */
function namesIn(directory: Directory): string[] {
  const known = names.get(directory);
  if (known !== undefined) return known;
  const found = [
    ...[...directory.people.values()].flatMap((p) => [p.email, p.name, ...p.aliases]),
    ...[...directory.groups.values()].flatMap((g) => [g.name, ...g.aliases]),
  ];
  names.set(directory, found);
  return found;
}

/**
 * Who is who and what the run has come across, for measuring one call of it. A run that is not this workspace's is none. From memory unless
 * `fresh`: whoever writes a verdict that rests on it compares the run's revision.
 */
export async function readSurroundings(
  deps: Pick<Deps, 'directories' | 'runs'>,
  of: { workspaceId: string; runId: string | null },
  options: { fresh?: boolean } = {},
): Promise<Surroundings> {
  const run = (runId: string) =>
    options.fresh ? deps.runs.refresh(of.workspaceId, runId) : deps.runs.get(of.workspaceId, runId);
  const [directory, found] = await Promise.all([
    deps.directories.get(of.workspaceId),
    of.runId === null ? null : run(of.runId),
  ]);
  if (found === null) return { directory, run: null };
  return { directory, run: { ...found, sources: { ...found.sources, directory: namesIn(directory) } } };
}
