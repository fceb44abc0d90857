import { expect, test } from 'vitest';
import { changedLines } from './definition-diff';

test('a change is the lines that go and the lines that come, repeated ones counted', () => {
  expect(changedLines('a\nb\nb\nc', 'a\nb\nd')).toEqual({ gone: ['b', 'c'], added: ['d'] });
  expect(changedLines('', 'a')).toEqual({ gone: [], added: ['a'] });
  expect(changedLines('a\nb', 'b\na')).toEqual({ gone: [], added: [] });
});
