import { z } from 'zod';
import { accept, type Outcome, refuse } from '@/server/domain/refusal';
import { type SavedViewView, savedFilters } from '@/server/domain/saved-filters';
import type { ReviewerScope } from '@/server/domain/scopes';
import { storable } from '@/server/domain/storable-text';
import { inTransaction } from '@/server/store/database';
import { newId } from '@/server/store/new-id';
import type { Deps } from './deps';

const MOST = 30;

export const saveViewInput = z.strictObject({
  name: storable(z.string().trim().min(1, 'give it a name').max(60)),
  filters: savedFilters,
});
export const removeViewInput = z.strictObject({ viewId: storable(z.string().min(1).max(100)) });

/** One's own views, by name. One whose filters are of another time and cannot be read is left out. */
export async function listViews(deps: Pick<Deps, 'db'>, person: ReviewerScope): Promise<SavedViewView[]> {
  const { personId, workspaceId } = person;
  const rows = await deps.db.prisma.savedView.findMany({
    where: { personId, workspaceId },
    orderBy: { name: 'asc' },
  });
  return rows.flatMap(({ id, name, filters }) => {
    const read = savedFilters.safeParse(filters);
    return read.success ? [{ viewId: id, name, filters: read.data }] : [];
  });
}

/** Keeps a view under a name; one of that name is replaced. */
export async function saveView(
  deps: Pick<Deps, 'db'>,
  person: ReviewerScope,
  input: z.infer<typeof saveViewInput>,
): Promise<Outcome<SavedViewView>> {
  const { personId, workspaceId } = person;
  const { name, filters } = input;
  return inTransaction<Outcome<SavedViewView>>(deps.db, async (tx) => {
    const others = await tx.savedView.count({ where: { personId, name: { not: name } } });
    if (others >= MOST) return refuse('conflict', `You have ${MOST} views. Remove one first.`);
    const row = await tx.savedView.upsert({
      where: { personId_name: { personId, name } },
      create: { id: newId('view'), workspaceId, personId, name, filters },
      update: { filters },
    });
    return accept({ viewId: row.id, name, filters });
  });
}

/** Removes one of one's own views; one that is gone already is no error. */
export async function removeView(
  deps: Pick<Deps, 'db'>,
  { personId, workspaceId }: ReviewerScope,
  { viewId }: z.infer<typeof removeViewInput>,
): Promise<Outcome<{ viewId: string }>> {
  await deps.db.prisma.savedView.deleteMany({ where: { id: viewId, personId, workspaceId } });
  return accept({ viewId });
}
