import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { outsideData } from '@/server/testing/outside-data';
import { isSignedBySlack } from './slack-signature';

const vectors = outsideData('crypto_vectors/slack_signing.json');

test.skipIf(vectors === null)(
  'Slack’s own example of a signature fits, and every change of it does not',
  () => {
    const given = JSON.parse(readFileSync(vectors ?? '', 'utf8'));
    const request = { timestamp: given.timestamp, signature: given.signature, body: given.raw_body };
    const at = (seconds: number) => new Date((Number(given.timestamp) + seconds) * 1_000);
    const fits = (change: Partial<typeof request>, when = at(0)) =>
      isSignedBySlack(given.signing_secret, { ...request, ...change }, when);
    expect(fits({})).toBe(true);
    expect(fits({}, at(300))).toBe(true);
    expect(fits({}, at(301))).toBe(false);
    expect(fits({ body: `${request.body}x` })).toBe(false);
    expect(fits({ timestamp: String(Number(given.timestamp) + 1) })).toBe(false);
    expect(fits({ signature: given.signature.replace('v0=', 'v1=') })).toBe(false);
    expect(fits({ signature: undefined })).toBe(false);
    expect(fits({ timestamp: undefined })).toBe(false);
  },
);
