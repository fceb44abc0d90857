import { accept, type Outcome, refuse } from '@/server/domain/refusal';
import type { Deps } from './deps';

/** The workspace of that name or id, or the only one there is; for operators at the machine itself. */
export async function findWorkspace(
  deps: Pick<Deps, 'db'>,
  name: string | undefined,
): Promise<Outcome<{ id: string; name: string }>> {
  const all = await deps.db.prisma.workspace.findMany({
    where: name === undefined ? {} : { OR: [{ id: name }, { name }] },
    select: { id: true, name: true },
    orderBy: { createdAt: 'asc' },
    take: 10,
  });
  const [first, ...others] = all;
  if (first === undefined) {
    return refuse(
      'input_invalid',
      name === undefined
        ? 'There is no workspace yet. Open the link npm start prints, create the owner, and try again.'
        : `There is no workspace called ${name}.`,
    );
  }
  if (others.length === 0) return accept(first);
  const names = all.map((workspace) => workspace.name).join(', ');
  return refuse('input_invalid', `There are several workspaces (${names}). Say which: --workspace <name>.`);
}
