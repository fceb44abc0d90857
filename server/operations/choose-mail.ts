import { z } from 'zod';
import { readBusinessHours } from '@/server/domain/business-calendar';
import { DIGESTS, type MailChoice } from '@/server/domain/mail-choice';
import { accept, type Outcome, refuse } from '@/server/domain/refusal';
import type { ReviewerScope } from '@/server/domain/scopes';
import { LEVELS } from '@/server/domain/vocabulary';
import { append } from '@/server/store/audit';
import { inTransaction } from '@/server/store/database';
import { findMailChoice, saveMailChoice } from '@/server/store/mail-choices';
import type { Deps } from './deps';

export const chooseMailInput = z.strictObject({
  fromLevel: z.enum(LEVELS).nullable(),
  hours: z.string().trim().max(100).nullable(),
  /** Whether mails come together; left out: each at once. */
  digest: z.enum(DIGESTS).nullable().default(null),
});

const NOT_HOURS =
  'Write hours like "Mon-Fri 08:00-18:00 Europe/Berlin": from a day to a later one, a time to a later one, and a time zone.';

/** What reaches whoever asks by mail. */
export const getMailChoice = (deps: Pick<Deps, 'db'>, person: ReviewerScope): Promise<MailChoice> =>
  findMailChoice(deps.db, person);

/** Sets what of the held actions is mailed to whoever asks, and when: their own choice only. Counts for what is not mailed yet, too. */
export async function chooseMail(
  deps: Pick<Deps, 'db'>,
  person: ReviewerScope,
  input: z.input<typeof chooseMailInput>,
): Promise<Outcome<MailChoice>> {
  const { fromLevel, hours, digest = null } = input;
  const choice: MailChoice = { fromLevel, hours: hours === '' ? null : hours, digest };
  if (choice.hours !== null && readBusinessHours(choice.hours) === null) {
    return refuse('input_invalid', NOT_HOURS, { problems: [{ pointer: '/hours', message: NOT_HOURS }] });
  }
  return inTransaction<Outcome<MailChoice>>(deps.db, async (tx) => {
    await saveMailChoice(tx, person, choice);
    await append(tx, {
      workspaceId: person.workspaceId,
      kind: 'person.updated',
      actor: { kind: 'person', id: person.personId, name: person.name },
      data: { personId: person.personId, mail: choice },
    });
    return accept(choice);
  });
}
