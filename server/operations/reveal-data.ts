import { z } from 'zod';
import { sightOf } from '@/server/domain/masking';
import { accept, type Outcome, refuse } from '@/server/domain/refusal';
import type { ReviewerScope } from '@/server/domain/scopes';
import { storable } from '@/server/domain/storable-text';
import type { Classification } from '@/server/domain/vocabulary';
import { append } from '@/server/store/audit';
import { inTransaction } from '@/server/store/database';
import { newId } from '@/server/store/new-id';
import { findMeasured } from '@/server/store/reveals';
import type { Deps } from './deps';

export const revealInput = z.strictObject({
  actionId: storable(z.string().min(1).max(100)),
  footprintDigest: z.string().min(1).max(200),
  reason: storable(z.string().trim().min(3, 'say in a few words why you need to see it').max(1_000)),
});

/**
 * Unmasks, for this person and this footprint only, the classes they are cleared for; recorded with their reason in the same transaction
 * (P10). Nobody is shown more than their clearance allows.
 */
export async function revealData(
  deps: Deps,
  person: ReviewerScope,
  input: z.infer<typeof revealInput>,
): Promise<Outcome<{ revealedClasses: Classification[] }>> {
  const { workspaceId, personId } = person;
  const measured = await findMeasured(deps.db, workspaceId, input.actionId);
  if (!measured) return refuse('action_unknown', 'There is no such planned action in your workspace.');
  if (measured.footprintDigest !== input.footprintDigest || !measured.footprint) {
    return refuse(
      'digest_conflict',
      'The action was measured again since. Reload and reveal what is there now.',
    );
  }
  const present = new Set(
    Object.values(measured.footprint.columnClasses ?? {}).flatMap((c) => Object.values(c)),
  );
  for (const item of measured.footprint.items) for (const c of item.classes ?? []) present.add(c);
  const sight = { clearances: person.clearances, revealed: new Set<Classification>() };
  const classes = [...present].filter((c) => sightOf(c, sight) === 'masked').sort();
  if (classes.length === 0) {
    return refuse('not_cleared', 'There is nothing here that your clearances would let you reveal.');
  }
  await inTransaction(deps.db, async (tx) => {
    await tx.reveal.create({
      data: {
        id: newId('reveal'),
        workspaceId,
        actionId: input.actionId,
        footprintDigest: input.footprintDigest,
        personId,
        classes,
        reason: input.reason,
      },
    });
    await append(tx, {
      workspaceId,
      actionId: input.actionId,
      digest: measured.digest,
      footprintDigest: input.footprintDigest,
      kind: 'data.revealed',
      actor: { kind: 'person', id: personId, name: person.name },
      data: { classes, reason: input.reason },
    });
  });
  return accept({ revealedClasses: classes });
}
