import { expect, test } from 'vitest';
import { returnPath } from './return-path';

test.each([
  ['/', '/'],
  ['/actions/act_1?tab=rows#row-3', '/actions/act_1?tab=rows#row-3'],
  ['http://localhost:3000/inbox', '/inbox'],
  ['https://evil.example/inbox', '/inbox'],
])('%s leads to a path of this installation (%s)', (asked, path) => {
  expect(returnPath(asked)).toBe(path);
});

test.each([
  '//evil.example',
  '///evil.example',
  '/\\evil.example',
  '\\\\evil.example',
  '/\t/evil.example',
  'https://evil.example//evil.example',
  'javascript:alert(1)',
  'data:text/html,x',
  'http://[',
  '/sign-in?callbackUrl=/sign-in',
  '/api/auth/signout',
  '',
])('%j leads home', (asked) => {
  expect(returnPath(asked)).toBe('/');
});

test('no address, or several, lead home', () => {
  expect(returnPath(undefined)).toBe('/');
  expect(returnPath(['/a', '/b'])).toBe('/');
});
