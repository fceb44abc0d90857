import { z } from 'zod';
import { accept, type Outcome, refuse } from '@/server/domain/refusal';
import type { ReviewerScope } from '@/server/domain/scopes';
import { storable } from '@/server/domain/storable-text';
import { listIdentical } from '@/server/store/review-queries';
import type { actionInput } from './claim-release';
import { decideAction, decideInput } from './decide-action';
import type { Deps } from './deps';
import { mayDecide } from './list-actions';

export const decideIdenticalInput = decideInput.omit({ confirm: true, presence: true }).extend({
  others: z
    .array(storable(z.string().min(1).max(100)))
    .min(1)
    .max(100),
});

export type DecidedTogether = { decided: string[]; refused: { actionId: string; why: string }[] };

/** Ids of low holds that are the same call of the same agent, for the same stated reason, touching exactly the same; without this one. */
export const findIdentical = (
  deps: Deps,
  person: ReviewerScope,
  { actionId }: z.infer<typeof actionInput>,
): Promise<string[]> =>
  listIdentical(deps.db, {
    workspaceId: person.workspaceId,
    personId: person.personId,
    mayDecide: mayDecide(person),
    actionId,
  });

/**
 * Gives one answer to a low hold and to those named that are the same as it in everything a reviewer is shown. Each is decided by itself, as if it had
 * been opened: by its own digests, under its own lock, with its own event. One that is not the same, or is not open any more, refuses all before
 * anything is decided; one that somebody else decides meanwhile is named in the answer.
 */
export async function decideIdentical(
  deps: Deps,
  person: ReviewerScope,
  input: z.infer<typeof decideIdenticalInput>,
): Promise<Outcome<DecidedTogether>> {
  const { others, actionId, ...answer } = input;
  const same = new Set(await findIdentical(deps, person, { actionId }));
  const strangers = others.filter((id) => !same.has(id));
  if (strangers.length > 0) {
    return refuse(
      'conflict',
      `Nothing was decided: ${strangers.length} of these are not the same any more, or not open. Look again.`,
    );
  }
  const decided: string[] = [];
  const refused: DecidedTogether['refused'] = [];
  for (const id of [actionId, ...new Set(others)]) {
    const outcome = await decideAction(deps, person, { ...answer, actionId: id });
    if (outcome.ok) decided.push(id);
    else refused.push({ actionId: id, why: outcome.message });
  }
  return accept({ decided, refused });
}
