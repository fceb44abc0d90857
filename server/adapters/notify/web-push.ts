import { createECDH, hkdfSync } from 'node:crypto';
import webPush from 'web-push';
import { guardedCall } from '@/server/adapters/http/guarded-client';
import { TryAgainLater } from '@/server/domain/ports';
import type { Pusher } from '@/server/domain/push';

const INFO = 'holdpoint/web-push/v1';
const TIMEOUT_MS = 10_000;
const RESPONSE_BYTES = 4_096;
const LONGEST_WAIT_SECONDS = 3_600;
const GONE: ReadonlySet<number> = new Set([404, 410]);

/** The one P-256 key that follows from the secret: every process of an installation has the same, and none stores it. */
function vapidKeys(secret: Uint8Array): { publicKey: string; privateKey: string } {
  const pair = createECDH('prime256v1');
  pair.setPrivateKey(Buffer.from(hkdfSync('sha256', secret, new Uint8Array(), INFO, 32)));
  return { publicKey: pair.getPublicKey('base64url'), privateKey: pair.getPrivateKey('base64url') };
}

/**
 * Notifications of browsers by Web Push, encrypted for the one browser they are for. Their addresses come from people's browsers, so they are called
 * through the guarded client: none inside is ever reached unless `allowPrivate` lists it.
 */
export function createPusher(
  secret: Uint8Array,
  url: string,
  { allowPrivate = [] }: { allowPrivate?: readonly string[] } = {},
): Pusher {
  const keys = vapidKeys(secret);
  // Whom a push service writes to when something is wrong; it takes these two kinds of address only.
  const subject = url.startsWith('https:') ? url : 'mailto:holdpoint@localhost';
  return {
    publicKey: keys.publicKey,
    async push({ endpoint, p256dh, auth }, message, ttlSeconds) {
      const out = webPush.generateRequestDetails(
        { endpoint, keys: { p256dh, auth } },
        JSON.stringify(message),
        { TTL: ttlSeconds, urgency: 'high', vapidDetails: { subject, ...keys } },
      );
      const headers = Object.fromEntries(
        Object.entries(out.headers)
          .filter(([name]) => name.toLowerCase() !== 'content-length')
          .map(([name, value]) => [name.toLowerCase(), String(value)]),
      );
      const answer = await guardedCall(
        { method: 'POST', url: endpoint, headers, credentials: {}, body: out.body },
        { allowPrivate, timeoutMs: TIMEOUT_MS, responseBytes: RESPONSE_BYTES },
      );
      if (answer.status >= 200 && answer.status < 300) return 'taken';
      if (GONE.has(answer.status)) return 'gone';
      const wait = Number(answer.headers['retry-after']);
      if (answer.status === 429 && wait > 0)
        throw new TryAgainLater(Math.min(wait, LONGEST_WAIT_SECONDS), `It asks to wait for ${wait} s.`);
      throw new Error(`The browser's push service answered ${answer.status}.`);
    },
  };
}
