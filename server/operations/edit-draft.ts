import { z } from 'zod';
import { type PolicySet, policySet } from '@/server/domain/policy-set';
import { accept, type Outcome, refuse } from '@/server/domain/refusal';
import type { ReviewerScope } from '@/server/domain/scopes';
import { storable } from '@/server/domain/storable-text';
import { inTransaction } from '@/server/store/database';
import { createDraft, findDraft, listDrafts, writeDraft } from '@/server/store/policy-drafts';
import { findVersion, setOf } from '@/server/store/policy-versions';
import { refuseUnlessAdministrator } from './administrators';
import type { Deps } from './deps';

const MAX_DRAFTS = 50;
const name = storable(z.string().trim().min(1, 'give it a name').max(120));
const draftId = storable(z.string().min(1).max(100));

export const draftInput = z.strictObject({ draftId });
/** From the version in force unless another is named. */
export const newDraftInput = z.strictObject({ name, version: z.number().int().min(0).optional() });
export const saveDraftInput = z.strictObject({
  draftId,
  /** The revision that was changed: another one in the meantime is a conflict, and nothing is overwritten. */
  revision: z.number().int().min(1),
  name: name.optional(),
  set: policySet,
});

export type DraftSaved = { draftId: string; revision: number };

export const noSuchDraft = () =>
  refuse('draft_unknown', 'There is no such draft in your workspace, or it was closed.');

/** What a version consists of; version 0 is what ships. Null when it was never published here. */
export async function readVersion(
  deps: Deps,
  workspaceId: string,
  version: number,
): Promise<PolicySet | null> {
  if (version === 0) return deps.policyLanguage.shipped();
  const row = await findVersion(deps.db.prisma, workspaceId, version);
  return row && setOf(row);
}

/** Begins a draft with everything a version holds. Only for owners and security leads. */
export async function beginDraft(
  deps: Deps,
  person: ReviewerScope,
  input: z.infer<typeof newDraftInput>,
): Promise<Outcome<DraftSaved>> {
  const refused = refuseUnlessAdministrator(person);
  if (refused) return refused;
  const { workspaceId } = person;
  if ((await listDrafts(deps.db, workspaceId)).length >= MAX_DRAFTS) {
    return refuse('conflict', `There are ${MAX_DRAFTS} open drafts. Close one that nobody needs first.`);
  }
  const inForce = await deps.policies.get(workspaceId);
  const set = await readVersion(deps, workspaceId, input.version ?? inForce.version);
  if (set === null) return refuse('version_unknown', 'There is no such version of policy in your workspace.');
  const draft = await inTransaction(deps.db, (tx) =>
    createDraft(tx, {
      workspaceId,
      name: input.name,
      author: { id: person.personId, name: person.name },
      baseVersion: inForce.version,
      set,
    }),
  );
  return accept({ draftId: draft.id, revision: draft.revision });
}

/** Keeps a draft as it is now, whether it is right or not. Refuses to overwrite what somebody else wrote meanwhile. */
export async function saveDraft(
  deps: Deps,
  person: ReviewerScope,
  input: z.infer<typeof saveDraftInput>,
): Promise<Outcome<DraftSaved>> {
  const refused = refuseUnlessAdministrator(person);
  if (refused) return refused;
  const draft = await findDraft(deps.db, person.workspaceId, input.draftId);
  if (draft === null) return noSuchDraft();
  const written = await inTransaction(deps.db, (tx) =>
    writeDraft(
      tx,
      { ...draft, revision: input.revision },
      { id: person.personId, name: person.name },
      { set: input.set, ...(input.name === undefined ? {} : { name: input.name }) },
    ),
  );
  if (!written) {
    return refuse(
      'conflict',
      'This draft was changed in another tab or by somebody else. Copy what you wrote and reload.',
    );
  }
  return accept({ draftId: draft.id, revision: input.revision + 1 });
}

/** Takes a draft out of the list. What was proposed from it stays as it was proposed. */
export async function closeDraft(
  deps: Deps,
  person: ReviewerScope,
  input: z.infer<typeof draftInput>,
): Promise<Outcome<{ draftId: string }>> {
  const refused = refuseUnlessAdministrator(person);
  if (refused) return refused;
  const { count } = await deps.db.prisma.policyDraft.updateMany({
    where: { id: input.draftId, workspaceId: person.workspaceId, closedAt: null },
    data: { closedAt: deps.clock.now() },
  });
  return count === 1 ? accept({ draftId: input.draftId }) : noSuchDraft();
}
