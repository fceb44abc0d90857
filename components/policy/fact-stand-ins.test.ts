import { expect, test } from 'vitest';
import { reasonParts } from './fact-stand-ins';

const said = (because: string) =>
  reasonParts(because)
    .map(({ text, isFact }) => (isFact ? `[${text}]` : text))
    .join('');

test.each([
  ['It deletes {rowsDeleted}. Gone.', 'It deletes [so many rows]. Gone.'],
  ['{agent} is not cleared for {missing} data.', '[The agent] is not cleared for [some kinds of] data.'],
  ['{forbidden}', '[What it may not do, and what to do instead.]'],
  ['Its {quux} is odd, {not a fact} too.', 'Its [quux] is odd, {not a fact} too.'],
  ['', ''],
])('%s reads as %s before anything was judged', (because, words) => {
  expect(said(because)).toBe(words);
});
