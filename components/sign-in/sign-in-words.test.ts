import { expect, test } from 'vitest';
import { signInWords } from './sign-in-words';

test('too many attempts says how long to wait', () => {
  expect(signInWords('rate_limited.840')).toMatch(/Try again in 14 minutes, at /);
  expect(signInWords('rate_limited.10')).toMatch(/Try again in 1 minute, at /);
});

test.each(['constructor', '__proto__', 'Call 555-0100 to unlock', 'rate_limited.', 'rate_limited.99999999'])(
  'a word nobody knows (%s) is never shown itself',
  (word) => {
    expect(signInWords(word)).toBe('Signing in did not work. Try again, or use another way to sign in.');
  },
);
