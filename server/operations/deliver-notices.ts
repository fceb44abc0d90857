import { chatCard } from '@/server/domain/chat-card';
import { channelsFor } from '@/server/domain/chat-routes';
import { comesTogether, secondsUntilDigest, wantsMail } from '@/server/domain/mail-choice';
import { type Chat, type Hook, type Messenger, TryAgainLater } from '@/server/domain/ports';
import type { Pusher } from '@/server/domain/push';
import { findChatFacts, findChatPlace, keepChatPlace, listChatChannels } from '@/server/store/chat-messages';
import {
  type Delivery,
  fanOut,
  markDelivered,
  markFailed,
  putOff,
  type QueuedNotice,
  takeNotices,
} from '@/server/store/outbox-queue';
import type { Deps } from './deps';
import { hooksFor, tellHook } from './tell-hook';
import { choiceOf, isStale, linkFor, mailNotice, pushNotice, wordsOf } from './tell-person';

/** The ways out of the dashboard; what is not set up is not told. */
export type Channels = {
  mail: Messenger | null;
  chats: readonly Chat[];
  hooks: readonly Hook[];
  push: Pusher | null;
};
type Needs = Pick<Deps, 'db' | 'url' | 'clock'>;

/** So many that one after the other, each as slow as it may be, are done before others may take them. */
const BATCH = 10;
const TAKEN_SECONDS = 120;
/** Waits between attempts, in seconds; after the last one the notice is a dead letter. */
const RETRY_SECONDS = [5, 30, 120, 600, 3_600, 14_400];
const FIRST_CALL: ReadonlySet<string> = new Set(['action.held', 'action.drifted']);
const chatOf = ({ chats }: Channels, { workspace }: QueuedNotice): Chat | undefined =>
  chats.find((chat) => chat.workspace === workspace);

/** Channels of the chat that a notice concerns: by the routes when something is to be decided, else where the action was told before. */
async function chatChannels(deps: Needs, channels: Channels, notice: QueuedNotice): Promise<string[]> {
  const chat = chatOf(channels, notice);
  if (chat === undefined || notice.actionId === null) return [];
  if (!FIRST_CALL.has(notice.topic)) return listChatChannels(deps.db, notice.actionId);
  const action = await findChatFacts(deps.db, notice.workspaceId, notice.actionId);
  return action === null ? [] : channelsFor(chat.routes, action);
}

/** Who is told by themselves: by mail, alone or with the next digest, and in the browsers they chose. */
function deliveriesToPeople(deps: Needs, channels: Channels, notice: QueuedNotice): Delivery[] {
  if (wordsOf(deps, notice) === null) return [];
  const { level } = notice;
  return notice.people.flatMap((person): Delivery[] => {
    const { id, devices } = person;
    const choice = choiceOf(person, notice);
    if (!wantsMail(choice, level)) return [];
    const together = choice !== null && comesTogether(choice, level);
    const inSeconds = together ? { inSeconds: secondsUntilDigest(choice, deps.clock.now()) } : {};
    return [
      ...(channels.mail === null ? [] : [{ channel: 'mail' as const, recipient: id, ...inSeconds }]),
      ...(channels.push === null
        ? []
        : devices.map((device) => ({ channel: 'push' as const, recipient: device }))),
    ];
  });
}

async function recipientsOf(deps: Needs, channels: Channels, notice: QueuedNotice): Promise<Delivery[]> {
  if (isStale(notice)) return [];
  const hooks = await hooksFor(deps, channels.hooks, notice);
  const told = await chatChannels(deps, channels, notice);
  return [
    ...deliveriesToPeople(deps, channels, notice),
    ...told.map((recipient): Delivery => ({ channel: 'slack', recipient })),
    ...hooks.map((recipient): Delivery => ({ channel: 'webhook', recipient })),
  ];
}

/** The message about an action always says how it is now, whatever the notice said: late or twice, it is never wrong. */
async function tell(deps: Needs, channels: Channels, notice: QueuedNotice): Promise<void> {
  const chat = chatOf(channels, notice);
  const { workspaceId, actionId, recipient: channel } = notice;
  if (actionId === null || channel === null) return;
  if (chat === undefined) throw new Error('Slack is not set up for this workspace any more.');
  const action = await findChatFacts(deps.db, workspaceId, actionId);
  if (action === null) return;
  const isNew = FIRST_CALL.has(notice.topic) && action.status === 'held';
  const place = isNew ? null : await findChatPlace(deps.db, actionId, channel);
  if (!isNew && place === null) return;
  const link =
    action.status === 'held' ? await linkFor(deps, { ...notice, topic: 'action.held' }, null) : null;
  const card = chatCard(action, link ?? `${deps.url}/actions/${actionId}`);
  if (place !== null) return chat.update(channel, place, card);
  await keepChatPlace(deps.db, { workspaceId, actionId, channel, place: await chat.post(channel, card) });
}

const WAYS = {
  mail: (deps: Needs, { mail }: Channels, notice: QueuedNotice) => mailNotice(deps, mail, notice),
  push: async (deps: Needs, { push }: Channels, notice: QueuedNotice) => {
    if (push !== null) await pushNotice(deps, push, notice);
  },
  slack: tell,
  webhook: (deps: Needs, { hooks }: Channels, notice: QueuedNotice) => tellHook(deps, hooks, notice),
};

async function handle(deps: Needs, channels: Channels, notice: QueuedNotice): Promise<void> {
  try {
    if (notice.channel === null) {
      const { missing, topic } = notice;
      const stuck = FIRST_CALL.has(topic) && missing !== null && missing > 0 ? { missing } : null;
      return await fanOut(deps.db, notice.id, await recipientsOf(deps, channels, notice), stuck);
    }
    await WAYS[notice.channel](deps, channels, notice);
    await markDelivered(deps.db, notice.id, notice.payload);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    if (error instanceof TryAgainLater) await putOff(deps.db, notice.id, why, error.afterSeconds);
    else await markFailed(deps.db, notice.id, why, RETRY_SECONDS[notice.attempts - 1] ?? null);
  }
}

/**
 * Delivers what is due, at least once to each recipient and in order for each, and answers how many it took. A message that is refused is tried
 * again later and never holds up another; a service that asks to wait is waited for. Ways out do not wait for each other, and no webhook for
 * another: of what is told one recipient of an action, only the first is taken at a time.
 */
export async function deliverNotices(deps: Needs, channels: Channels): Promise<number> {
  const notices = await takeNotices(deps.db, BATCH, TAKEN_SECONDS);
  const by = (channel: QueuedNotice['channel']) => notices.filter((notice) => notice.channel === channel);
  const alone = [...by('webhook'), ...by('push')].map((notice) => [notice]);
  const lanes = [by(null), by('mail'), by('slack'), ...alone];
  await Promise.all(
    lanes.map(async (lane) => {
      for (const notice of lane) await handle(deps, channels, notice);
    }),
  );
  return notices.length;
}
