import { z } from 'zod';
import type { AbsenceView } from '@/server/domain/catalog-views';
import { accept, type Outcome, type Refusal, refuse } from '@/server/domain/refusal';
import type { ReviewerScope } from '@/server/domain/scopes';
import { storable } from '@/server/domain/storable-text';
import { endAbsence, listAbsences, type StoredAbsence, saveAbsence } from '@/server/store/absences';
import { append } from '@/server/store/audit';
import { inTransaction, type Tx } from '@/server/store/database';
import { wake } from '@/server/store/outbox';
import { isAdministrator, personActor } from './administrators';
import type { Deps } from './deps';

const LONGEST_MS = 366 * 24 * 60 * 60 * 1_000;
const DECIDING = ['owner', 'security_lead', 'reviewer'];

export const absenceInput = z.strictObject({
  /** Whose; one's own when absent. */
  personId: storable(z.string().min(1).max(100)).optional(),
  /** Who decides in their place; null for nobody. */
  standInId: storable(z.string().min(1).max(100)).nullable(),
  /** When they are back, ISO 8601. */
  until: z.iso.datetime({ offset: true }),
});
export const backInput = z.strictObject({ personId: storable(z.string().min(1).max(100)).optional() });

const problem = (pointer: string, message: string): Refusal =>
  refuse('input_invalid', message, { problems: [{ pointer, message }] });

const toAbsenceView = (absence: StoredAbsence): AbsenceView => ({
  until: absence.endsAt.toISOString(),
  standIn: absence.standIn,
});

/** Who decides in somebody's place has to be able to decide at all, and to be there. */
async function refuseStandIn(
  tx: Tx,
  by: ReviewerScope,
  of: { personId: string; standInId: string; now: Date },
): Promise<Refusal | null> {
  const { personId, standInId, now } = of;
  if (standInId === personId)
    return problem('/standInId', 'Nobody stands in for themselves. Choose somebody else.');
  if (standInId === by.personId && personId !== by.personId) {
    return problem(
      '/standInId',
      'Nobody gives themselves the place of somebody else. Choose another person.',
    );
  }
  const standIn = await tx.person.findFirst({
    where: { id: standInId, workspaceId: by.workspaceId, disabledAt: null, roles: { hasSome: DECIDING } },
    select: { name: true },
  });
  if (standIn === null) return problem('/standInId', 'Choose somebody of the workspace whose role decides.');
  const away = (await listAbsences(tx, by.workspaceId, now)).find((a) => a.personId === standInId);
  return away === undefined
    ? null
    : problem(
        '/standInId',
        `${standIn.name} is away as well, until ${away.endsAt.toISOString().slice(0, 10)}.`,
      );
}

/** The person meant, if whoever asks may say this of them: oneself, or anybody for owners and security leads. */
async function findMeant(tx: Tx, by: ReviewerScope, personId: string | undefined) {
  const id = personId ?? by.personId;
  if (id !== by.personId && !isAdministrator(by)) {
    return refuse(
      'forbidden',
      'Only they themselves, an owner or a security lead can say that somebody is away.',
    );
  }
  const person = await tx.person.findFirst({
    where: { id, workspaceId: by.workspaceId, disabledAt: null },
    select: { id: true, name: true },
  });
  return person === null
    ? refuse('person_unknown', 'There is no such person in your workspace.')
    : accept(person);
}

/**
 * Says that somebody is away until a time, and who decides in their place meanwhile: with their groups, but in their own role, with their own
 * clearances and one vote. Takes the place of what was said before. Votes given meanwhile count after it ended.
 */
export async function startAbsence(
  deps: Pick<Deps, 'db' | 'clock'>,
  by: ReviewerScope,
  input: z.infer<typeof absenceInput>,
): Promise<Outcome<AbsenceView>> {
  const now = deps.clock.now();
  const endsAt = new Date(input.until);
  if (endsAt <= now) return problem('/until', 'Choose a time that is still to come.');
  if (endsAt.getTime() - now.getTime() > LONGEST_MS)
    return problem('/until', 'A year is the longest. Choose an earlier day.');
  return inTransaction<Outcome<AbsenceView>>(deps.db, async (tx) => {
    const meant = await findMeant(tx, by, input.personId);
    if (!meant.ok) return meant;
    const { id: personId, name } = meant.value;
    const { workspaceId } = by;
    const { standInId } = input;
    const refused = standInId === null ? null : await refuseStandIn(tx, by, { personId, standInId, now });
    if (refused) return refused;
    await endAbsence(tx, workspaceId, personId, now);
    await saveAbsence(tx, { workspaceId, personId, standInId, startsAt: now, endsAt });
    const saved = (await listAbsences(tx, workspaceId, now)).find((a) => a.personId === personId);
    const standIn = saved?.standIn ?? null;
    await append(tx, {
      workspaceId,
      kind: 'absence.started',
      actor: personActor(by),
      data: { personId, name, until: endsAt.toISOString(), standIn: standIn?.name ?? null },
    });
    await wake(tx, workspaceId, { status: 'absence' });
    return accept({ until: endsAt.toISOString(), standIn });
  });
}

/** Says that somebody is back: whoever stood in does no longer. Saying it twice changes nothing. */
export async function endAbsenceOf(
  deps: Pick<Deps, 'db' | 'clock'>,
  by: ReviewerScope,
  input: z.infer<typeof backInput>,
): Promise<Outcome<{ ended: number }>> {
  return inTransaction<Outcome<{ ended: number }>>(deps.db, async (tx) => {
    const meant = await findMeant(tx, by, input.personId);
    if (!meant.ok) return meant;
    const { id: personId, name } = meant.value;
    const ended = await endAbsence(tx, by.workspaceId, personId, deps.clock.now());
    if (ended > 0) {
      await append(tx, {
        workspaceId: by.workspaceId,
        kind: 'absence.ended',
        actor: personActor(by),
        data: { personId, name },
      });
      await wake(tx, by.workspaceId, { status: 'absence' });
    }
    return accept({ ended });
  });
}

/** One's own absence, and whose place one takes. */
export async function getAbsence(
  deps: Pick<Deps, 'db' | 'clock'>,
  person: ReviewerScope,
): Promise<{ away: AbsenceView | null; standsInFor: { name: string; until: string }[] }> {
  const all = await listAbsences(deps.db, person.workspaceId, deps.clock.now());
  const own = all.find((a) => a.personId === person.personId);
  const taken = all.filter((a) => a.standIn?.id === person.personId);
  const names = await deps.db.prisma.person.findMany({
    where: { id: { in: taken.map((a) => a.personId) }, workspaceId: person.workspaceId },
    select: { id: true, name: true },
  });
  return {
    away: own === undefined ? null : toAbsenceView(own),
    standsInFor: taken.map((a) => ({
      name: names.find((p) => p.id === a.personId)?.name ?? 'Somebody',
      until: a.endsAt.toISOString(),
    })),
  };
}
