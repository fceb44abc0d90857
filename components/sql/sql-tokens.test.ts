import { expect, test } from 'vitest';
import { sqlTokens, type Token } from './sql-tokens';

const text = (token: Token): string => (typeof token === 'string' ? token : token.parts.map(text).join(''));

test.each([
  "SELECT 1 -- it's a comment\nFROM t",
  `UPDATE "odd ""name" SET a = E'x\\'y', b = $$ text $$ WHERE id IN ($1, 2.5e3)`,
  '/* never closed SELECT',
  "'never closed either",
  '',
  '\u202e SELECT \ud83d\ude00 < & > \u0000',
])('nothing of a statement is lost or changed: %j', (statement) => {
  expect(sqlTokens(statement).map(text).join('')).toBe(statement);
});

test('a parameter is one thing, and text inside a string or a comment is none', () => {
  const tokens = sqlTokens("a = $12 AND b = '$1' -- $2");
  expect(
    tokens.flatMap((token) => (typeof token !== 'string' && token.kind === 'parameter' ? token.parts : [])),
  ).toEqual(['$12']);
});

test('keywords, strings, numbers and comments are told apart', () => {
  const kinds = sqlTokens("DELETE FROM t WHERE a = 'x' AND b = 3 -- why").flatMap((token) =>
    typeof token === 'string' ? [] : [token.kind],
  );
  expect(kinds).toEqual([
    'keyword',
    'keyword',
    'keyword',
    'operator',
    'string',
    'operator',
    'operator',
    'number',
    'comment',
  ]);
});
