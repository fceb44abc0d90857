import { scanSync } from 'libpg-query';

export type Token = { start: number; end: number; text: string };

/** The tokens of a statement without comments, at byte offsets, as PostgreSQL's own scanner sees them. */
export function tokensOf(statement: string): Token[] {
  return scanSync(statement)
    .tokens.filter((token) => !/COMMENT/.test(token.tokenName))
    .map(({ start, end, text }) => ({ start, end, text: text.toLowerCase() }));
}

/** Those outside every parenthesis and bracket. */
export function atTopLevel(tokens: readonly Token[]): Token[] {
  let depth = 0;
  return tokens.filter((token) => {
    if (token.text === '(' || token.text === '[') depth++;
    if (token.text === ')' || token.text === ']') depth--;
    return depth === 0;
  });
}

/** Cuts at the byte offsets the parser speaks of; JavaScript's string indices differ as soon as a letter is not ASCII. */
export function sliceBytes(statement: string, start: number, end?: number): string {
  return Buffer.from(statement, 'utf8').subarray(start, end).toString('utf8');
}

/** What follows `EXPLAIN …options…`. The statement is known to be one EXPLAIN. */
export function explainedText(statement: string): string {
  const tokens = tokensOf(statement);
  let index = 1;
  if (tokens[1]?.text === '(' && !startsStatement(tokens[2]?.text)) {
    let depth = 0;
    for (; index < tokens.length; index++) {
      if (tokens[index]?.text === '(') depth++;
      if (tokens[index]?.text === ')' && --depth === 0) break;
    }
    index++;
  } else {
    while (['analyze', 'analyse', 'verbose'].includes(tokens[index]?.text ?? '')) index++;
  }
  return sliceBytes(statement, tokens[index]?.start ?? 0);
}

/** `EXPLAIN (SELECT …)` explains a statement in parentheses; these words are no option's name. */
const startsStatement = (word: string | undefined): boolean =>
  word !== undefined &&
  ['select', 'with', 'values', 'table', '(', 'insert', 'update', 'delete', 'merge'].includes(word);
