import { Webhook } from 'standardwebhooks';
import { z } from 'zod';
import { guardedCall } from '@/server/adapters/http/guarded-client';
import { actionFilter } from '@/server/domain/chat-routes';
import type { HookMessage } from '@/server/domain/hook-message';
import { type Clock, type Hook, TryAgainLater } from '@/server/domain/ports';
import { readSettings } from './read-settings';
import { teamsCard } from './teams-card';

const TIMEOUT_MS = 10_000;
const RESPONSE_BYTES = 4_096;
/** However long a service asks to wait, it is asked again after this. */
const LONGEST_WAIT_SECONDS = 3_600;

const shared = {
  /** The workspace of Holdpoint, by name. */
  workspace: z.string().min(1),
  /** What it is called under Deliveries. */
  name: z.string().min(1).max(80),
  url: z.url({ protocol: /^https?$/ }),
  only: actionFilter.default({}),
  /** Addresses inside that this one may lead to. */
  allowPrivate: z.array(z.string().min(1)).default([]),
};
const secret = z
  .string()
  .regex(/^whsec_[A-Za-z0-9+/]{32,88}={0,2}$/, 'must be whsec_ and 24 to 64 random bytes in base64');
const entry = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('webhook'), secret, ...shared }),
    z.strictObject({ kind: z.literal('teams'), ...shared }),
  ])
  .refine(
    ({ url, allowPrivate }) => url.startsWith('https:') || allowPrivate.length > 0,
    'must have an https address, unless it is inside and listed under allowPrivate',
  );
const all = z
  .array(entry)
  .refine(
    (list) => new Set(list.map((e) => JSON.stringify([e.workspace, e.name]))).size === list.length,
    'each name stands once in a workspace',
  );
type Entry = z.infer<typeof entry>;

function outgoing(settings: Entry, message: HookMessage, at: Date): { body: string; headers: object } {
  if (settings.kind === 'teams') return { body: JSON.stringify(teamsCard(message)), headers: {} };
  const { id, type, headline, sentence, link, action } = message;
  const body = JSON.stringify({
    type,
    timestamp: message.at.toISOString(),
    data: { headline, sentence, link, ...action },
  });
  const headers = {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
    'webhook-signature': new Webhook(settings.secret).sign(id, at, body),
  };
  return { body, headers };
}

/** Redirects are not followed: the secret signs for this address. */
async function send(settings: Entry, message: HookMessage, at: Date): Promise<void> {
  const { body, headers } = outgoing(settings, message, at);
  const answer = await guardedCall(
    {
      method: 'POST',
      url: settings.url,
      headers: { 'content-type': 'application/json', 'user-agent': 'Holdpoint', ...headers },
      credentials: {},
      body,
    },
    { allowPrivate: settings.allowPrivate, timeoutMs: TIMEOUT_MS, responseBytes: RESPONSE_BYTES },
  );
  if (answer.status >= 200 && answer.status < 300) return;
  const wait = Number(answer.headers['retry-after']);
  if (answer.status === 429 && wait > 0)
    throw new TryAgainLater(Math.min(wait, LONGEST_WAIT_SECONDS), `It asks to wait for ${wait} s.`);
  throw new Error(`It answered ${answer.status}.`);
}

/** The services that HOLDPOINT_WEBHOOKS names: signed as Standard Webhooks says, or cards in Microsoft Teams. */
export const createWebhooks = (json: string | undefined, clock: Clock): Hook[] =>
  readSettings('HOLDPOINT_WEBHOOKS', all, json).map((settings) => ({
    workspace: settings.workspace,
    name: settings.name,
    only: settings.only,
    forPeople: settings.kind === 'teams',
    send: (message) => send(settings, message, clock.now()),
  }));
