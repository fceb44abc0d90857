import { createHmac, timingSafeEqual } from 'node:crypto';

/** A request older or newer than this is refused, in seconds; Slack’s own recommendation. */
const WINDOW_SECONDS = 300;

export type SignedRequest = { timestamp: string | undefined; signature: string | undefined; body: string };

/** Whether Slack signed these bytes with this secret, just now (docs.slack.dev, verifying requests from Slack). */
export function isSignedBySlack(secret: string, request: SignedRequest, now: Date): boolean {
  const { timestamp, signature, body } = request;
  if (timestamp === undefined || signature === undefined || !/^\d{1,12}$/.test(timestamp)) return false;
  if (Math.abs(now.getTime() / 1_000 - Number(timestamp)) > WINDOW_SECONDS) return false;
  const expected = Buffer.from(
    `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')}`,
  );
  const given = Buffer.from(signature);
  return given.length === expected.length && timingSafeEqual(given, expected);
}
