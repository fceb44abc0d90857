import { fitsFilter } from '@/server/domain/chat-routes';
import { actionMessage } from '@/server/domain/hook-message';
import { noticeWords } from '@/server/domain/notice-words';
import type { Hook } from '@/server/domain/ports';
import { findChatFacts } from '@/server/store/chat-messages';
import type { QueuedNotice } from '@/server/store/outbox-queue';
import type { Deps } from './deps';
import { makeReviewLink } from './make-review-link';

type Needs = Pick<Deps, 'db' | 'url'>;

const wordsOf = (deps: Needs, notice: QueuedNotice) =>
  noticeWords({ ...notice, url: deps.url, expiresAt: notice.expiresAt?.toISOString() ?? null });
/** A vote among several is no call to anybody: votes are blind. */
const callsPeople = ({ topic, stillHeld }: QueuedNotice): boolean => stillHeld && topic !== 'action.decided';

/** Names of the webhooks a notice concerns: of its workspace, by their filters. What is about no action concerns all of them. */
export async function hooksFor(deps: Needs, hooks: readonly Hook[], notice: QueuedNotice): Promise<string[]> {
  const own = hooks.filter((hook) => hook.workspace === notice.workspace);
  if (own.length === 0) return [];
  const { workspaceId, actionId } = notice;
  if (actionId === null) {
    const hasWords = wordsOf(deps, notice) !== null;
    return own.filter((hook) => hasWords || !hook.forPeople).map(({ name }) => name);
  }
  const action = await findChatFacts(deps.db, workspaceId, actionId);
  if (action === null) return [];
  return own
    .filter((hook) => fitsFilter(hook.only, action) && (!hook.forPeople || callsPeople(notice)))
    .map(({ name }) => name);
}

/** Tells one webhook of a notice. Rejects when it was not taken, or is not set up any more. */
export async function tellHook(deps: Needs, hooks: readonly Hook[], notice: QueuedNotice): Promise<void> {
  const hook = hooks.find((h) => h.workspace === notice.workspace && h.name === notice.recipient);
  if (hook === undefined) throw new Error(`No webhook is called ${notice.recipient} any more.`);
  const { id, topic, createdAt, workspaceId, actionId, expiresAt } = notice;
  if (actionId === null) {
    const { subject, lines, link } = wordsOf(deps, notice) ?? { subject: topic, lines: [], link: deps.url };
    const sentence = lines.join(' ');
    const told = { id: `msg_${id}`, type: topic, at: createdAt, headline: subject, sentence, link };
    return hook.send({ ...told, action: null });
  }
  const action = await findChatFacts(deps.db, workspaceId, actionId);
  if (action === null || (hook.forPeople && !callsPeople(notice))) return;
  const link = hook.forPeople
    ? await makeReviewLink(deps, { workspaceId, actionId, personId: null, expiresAt })
    : `${deps.url}/actions/${actionId}`;
  await hook.send(actionMessage(notice, action, link));
}
