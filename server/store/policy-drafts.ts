import type { PolicySet } from '@/server/domain/policy-set';
import type { Database, Tx } from './database';
import type { PolicyDraft, Prisma } from './generated/client';
import { newId } from './new-id';

const asJson = (value: unknown) => value as Prisma.InputJsonValue;
type Editor = { id: string; name: string };

/** A draft that is not closed; null when this workspace has none of that id. */
export const findDraft = (db: Database, workspaceId: string, draftId: string): Promise<PolicyDraft | null> =>
  db.prisma.policyDraft.findFirst({ where: { id: draftId, workspaceId, closedAt: null } });

/** Open drafts, the one changed last first, without their content. */
export const listDrafts = (db: Database, workspaceId: string) =>
  db.prisma.policyDraft.findMany({
    where: { workspaceId, closedAt: null },
    orderBy: { updatedAt: 'desc' },
    omit: { policies: true, cases: true },
  });

export const createDraft = (
  tx: Tx,
  of: { workspaceId: string; name: string; author: Editor; baseVersion: number; set: PolicySet },
): Promise<PolicyDraft> =>
  tx.policyDraft.create({
    data: {
      id: newId('draft'),
      workspaceId: of.workspaceId,
      name: of.name,
      authorId: of.author.id,
      authorName: of.author.name,
      editorIds: [of.author.id],
      editorNames: [of.author.name],
      baseVersion: of.baseVersion,
      policies: asJson(of.set.policies),
      cases: asJson(of.set.cases),
    },
  });

/** Writes a draft's content if it is still the revision the writer saw; false when somebody else was quicker. Whoever writes becomes an editor. */
export async function writeDraft(
  tx: Tx,
  draft: Pick<PolicyDraft, 'id' | 'workspaceId' | 'revision' | 'editorIds' | 'editorNames'>,
  editor: Editor,
  of: { set: PolicySet; name?: string; baseVersion?: number },
): Promise<boolean> {
  const isNew = !draft.editorIds.includes(editor.id);
  const { count } = await tx.policyDraft.updateMany({
    where: { id: draft.id, workspaceId: draft.workspaceId, revision: draft.revision, closedAt: null },
    data: {
      policies: asJson(of.set.policies),
      cases: asJson(of.set.cases),
      ...(of.name === undefined ? {} : { name: of.name }),
      ...(of.baseVersion === undefined ? {} : { baseVersion: of.baseVersion }),
      ...(isNew
        ? {
            editorIds: [...draft.editorIds, editor.id],
            editorNames: [...draft.editorNames, editor.name],
          }
        : {}),
      revision: { increment: 1 },
      updatedAt: new Date(),
    },
  });
  return count === 1;
}
