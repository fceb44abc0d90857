import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { formatAgentKey, hashKeySecret, keyPrefix, parseAgentKey } from './agent-key';

const keyId = 'key_01kh0000000000000000000000';
const secret = randomBytes(32);
const key = formatAgentKey(keyId, secret);

test('a key leads back to its id and to the hash that is stored', () => {
  expect(parseAgentKey(key)).toEqual({ keyId, secretHash: hashKeySecret(secret) });
});

test('what is stored and shown holds too little of the secret to use it', () => {
  expect(keyPrefix(key)).toBe(`hp_01kh0000000000000000000000_${secret.toString('hex').slice(0, 4)}`);
  expect(hashKeySecret(secret)).not.toEqual(secret);
});

test.each([
  ['nothing', ''],
  ['another scheme', key.replace('hp_', 'sk_')],
  ['a secret cut short', key.slice(0, -1)],
  ['something added', `${key}0`],
  ['a line break', `${key}\n`],
  ['capitals', key.toUpperCase()],
  ['the id alone', 'hp_01kh0000000000000000000000_'],
])('%s is no key', (_, text) => {
  expect(parseAgentKey(text)).toBeNull();
});
