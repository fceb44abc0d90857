import { expect, test } from 'vitest';
import { errorWords, isMissing, isPassing, isSignedOut } from './error-words';

const answered = (code: string, message: string) => ({ message, data: { code } });

test('what the API says is passed on word for word', () => {
  expect(errorWords(answered('CONFLICT', 'Reload and look again.'))).toBe('Reload and look again.');
});

test('a request without an answer never claims to know what happened', () => {
  expect(errorWords(new TypeError('Failed to fetch'))).toContain('as far as this page knows');
});

test('a refusal is never asked again by itself, a lost request may be', () => {
  expect(isPassing(answered('FORBIDDEN', ''))).toBe(false);
  expect(isPassing(answered('CONFLICT', ''))).toBe(false);
  expect(isPassing(new TypeError('Failed to fetch'))).toBe(true);
});

test('only an answer of the API signs somebody out, not a lost connection', () => {
  expect(isSignedOut(answered('UNAUTHORIZED', ''))).toBe(true);
  expect(isSignedOut(new TypeError('Failed to fetch'))).toBe(false);
});

test('a link to nothing and a link that could never name anything are the same to a person', () => {
  expect(isMissing(answered('NOT_FOUND', ''))).toBe(true);
  expect(isMissing(answered('BAD_REQUEST', ''))).toBe(true);
  expect(isMissing(answered('FORBIDDEN', ''))).toBe(false);
});
