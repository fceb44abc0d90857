import { WebAPIPlatformError, WebAPIRateLimitedError, WebClient } from '@slack/web-api';
import { type Chat, TryAgainLater } from '@/server/domain/ports';
import { blocksOf, whyModal } from './slack-blocks';
import { readSlackSettings, type SlackSettings } from './slack-settings';

const TIMEOUT_MS = 10_000;
const SILENT = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  setLevel() {},
  getLevel: () => 'error',
  setName() {},
};

/** Retries belong to the outbox, which survives this process: the client itself tries once, and says when Slack asks to wait. */
async function once<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof WebAPIRateLimitedError)
      throw new TryAgainLater(Math.max(1, error.retryAfter), `Slack asks to wait for ${error.retryAfter} s.`);
    throw error;
  }
}

const says = (error: unknown, ...words: string[]): boolean =>
  error instanceof WebAPIPlatformError && words.includes(error.data.error);

/** A workspace’s Slack, through its official client. */
export function createSlackChat(settings: SlackSettings): Chat {
  const client = new WebClient(settings.botToken, {
    ...(settings.apiUrl === undefined ? {} : { slackApiUrl: settings.apiUrl }),
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    allowAbsoluteUrls: false,
    timeout: TIMEOUT_MS,
    logger: SILENT as never,
  });
  return {
    workspace: settings.workspace,
    routes: settings.routes,
    async post(channel, card) {
      const text = `${card.headline}: ${card.sentence}`;
      const posted = await once(
        client.chat.postMessage({
          channel,
          text,
          blocks: blocksOf(card),
          unfurl_links: false,
          unfurl_media: false,
        }),
      );
      if (!posted.ts || !posted.channel)
        throw new Error('Slack took the message and did not say where it stands.');
      return `${posted.channel} ${posted.ts}`;
    },
    async update(_channel, place, card) {
      const [channel = '', ts = ''] = place.split(' ');
      const text = `${card.headline}: ${card.sentence}`;
      try {
        await once(client.chat.update({ channel, ts, text, blocks: blocksOf(card) }));
      } catch (error) {
        // Somebody took the message away: there is nothing left to keep up to date.
        if (!says(error, 'message_not_found', 'channel_not_found', 'is_archived')) throw error;
      }
    },
    async verifiedEmail(user) {
      const found = await once(client.users.info({ user })).catch((error: unknown) => {
        if (says(error, 'user_not_found', 'user_not_visible')) return { user: undefined };
        throw error;
      });
      const { deleted, is_bot: isBot, is_email_confirmed: isConfirmed, profile } = found.user ?? {};
      return deleted || isBot || !isConfirmed ? null : (profile?.email ?? null);
    },
    async whisper(channel, user, text) {
      await once(client.chat.postEphemeral({ channel, user, text }));
    },
    async askWhy(trigger, decides, sentence) {
      await once(client.views.open({ trigger_id: trigger, view: whyModal(decides, sentence) }));
    },
  };
}

/** The chats of all workspaces that HOLDPOINT_SLACK names, each with the secret its requests are signed with. */
export const createSlackConnections = (json: string | undefined) =>
  readSlackSettings(json).map((settings) => ({
    chat: createSlackChat(settings),
    signingSecret: settings.signingSecret,
  }));
