import { secondsUntilWanted, wantsMail } from '@/server/domain/mail-choice';
import { digestWords, noticeWords } from '@/server/domain/notice-words';
import { type Messenger, TryAgainLater } from '@/server/domain/ports';
import type { Pusher } from '@/server/domain/push';
import { LEVELS } from '@/server/domain/vocabulary';
import type { QueuedNotice } from '@/server/store/outbox-queue';
import { findDevice, forgetDevice, markShown } from '@/server/store/push-devices';
import { listWaitingFor } from '@/server/store/waiting';
import type { Deps } from './deps';
import { makeReviewLink } from './make-review-link';

type Needs = Pick<Deps, 'db' | 'url' | 'clock'>;

const NEEDS_DECISION: ReadonlySet<string> = new Set([
  'action.held',
  'action.drifted',
  'action.reminded',
  'action.widened',
  'action.paged',
  'action.stuck',
]);
const UNASKED: ReadonlySet<string> = new Set(['action.paged', 'action.stuck', 'glass.broken']);
const DAY_SECONDS = 24 * 3_600;

export const wordsOf = (deps: Pick<Deps, 'url'>, notice: QueuedNotice) =>
  noticeWords({ ...notice, url: deps.url, expiresAt: notice.expiresAt?.toISOString() ?? null });

/** Whether it was about a decision that nobody waits for any more. */
export const isStale = ({ topic, stillHeld }: QueuedNotice): boolean =>
  NEEDS_DECISION.has(topic) && !stillHeld;

/** What is about to expire, was released by one person alone, or could be decided by nobody, is told whatever somebody chose. */
export const choiceOf = (person: QueuedNotice['people'][number], { topic }: QueuedNotice) =>
  UNASKED.has(topic) ? null : person.choice;

/** A link of their own for what somebody has to decide; everything else has an address that everybody knows. */
export async function linkFor(
  deps: Needs,
  notice: QueuedNotice,
  personId: string | null,
): Promise<string | null> {
  const { topic, workspaceId, actionId, expiresAt } = notice;
  if (actionId === null || !NEEDS_DECISION.has(topic)) return null;
  return makeReviewLink(deps, { workspaceId, actionId, personId, expiresAt });
}

/** Mails one person one notice, as far as they still want it and it still matters. */
export async function mailNotice(
  deps: Needs,
  messenger: Messenger | null,
  notice: QueuedNotice,
): Promise<void> {
  if (notice.topic === 'digest') return mailDigest(deps, messenger, notice);
  const words = wordsOf(deps, notice);
  const [to] = notice.people;
  if (messenger === null || words === null || to === undefined || isStale(notice)) return;
  const choice = choiceOf(to, notice);
  if (!wantsMail(choice, notice.level)) return;
  const early = secondsUntilWanted(choice, notice.level, deps.clock.now());
  if (early > 0) throw new TryAgainLater(early, `Mailed when their hours begin: ${choice?.hours}.`);
  const link = await linkFor(deps, notice, to.id);
  await messenger.send({
    to: { name: to.name, email: to.email },
    ...words,
    ...(link === null ? {} : { link }),
  });
}

/** What waits for somebody at this moment, in one mail, whatever it was that made it due. Nothing waits: nothing is mailed. */
async function mailDigest(deps: Needs, messenger: Messenger | null, notice: QueuedNotice): Promise<void> {
  const [to] = notice.people;
  if (messenger === null || to === undefined) return;
  const { items, more } = await listWaitingFor(deps.db, {
    workspaceId: notice.workspaceId,
    personId: to.id,
    levels: LEVELS.filter((level) => wantsMail(to.choice, level)),
  });
  if (items.length === 0) return;
  const early = secondsUntilWanted(to.choice, 'low', deps.clock.now());
  if (early > 0) throw new TryAgainLater(early, `Mailed when their hours begin: ${to.choice?.hours}.`);
  await messenger.send({
    to: { name: to.name, email: to.email },
    ...digestWords(items, more, deps.url),
  });
}

/** Shows one notice in one browser. What is late is not shown: a notification is about now. */
export async function pushNotice(deps: Needs, pusher: Pusher, notice: QueuedNotice): Promise<void> {
  const { recipient, expiresAt } = notice;
  const [to] = notice.people;
  const words = wordsOf(deps, notice);
  const device = recipient === null ? null : await findDevice(deps.db, notice.workspaceId, recipient);
  if (device === null || to === undefined || words === null || isStale(notice)) return;
  const choice = choiceOf(to, notice);
  const now = deps.clock.now();
  if (!wantsMail(choice, notice.level) || secondsUntilWanted(choice, notice.level, now) > 0) return;
  const left = expiresAt === null ? DAY_SECONDS : Math.ceil((expiresAt.getTime() - now.getTime()) / 1_000);
  const message = {
    title: notice.agent === null ? 'Holdpoint' : `${notice.agent}: ${notice.level ?? 'held'}`,
    body: words.subject,
    url: (await linkFor(deps, notice, to.id)) ?? words.link ?? deps.url,
    tag: notice.actionId ?? notice.topic,
  };
  const answer = await pusher.push(device, message, Math.max(60, left));
  if (answer === 'gone') await forgetDevice(deps.db, device.id);
  else await markShown(deps.db, device.id);
}
