import Prism from 'prismjs/components/prism-core';
import 'prismjs/components/prism-sql';

// It would look through the page for code to colour by itself.
Prism.manual = true;

/** Text, or a part of it that is of one kind: `keyword`, `string`, `comment` … */
export type Token = string | { kind: string; parts: readonly Token[] };

type Grammar = Parameters<typeof Prism.tokenize>[1];

const { comment, variable, string, identifier, ...rest } = Prism.languages.sql as Record<string, RegExp>;
/** With PostgreSQL's parameters, where neither a comment nor a string has swallowed them. */
const GRAMMAR = { comment, variable, string, identifier, parameter: /\$\d+/, ...rest } as Grammar;

/** A statement in parts that are coloured alike. Put together again they are the statement, byte by byte. */
export function sqlTokens(statement: string): readonly Token[] {
  return Prism.tokenize(statement, GRAMMAR).map(toToken);
}

type Found = ReturnType<typeof Prism.tokenize>[number];

function toToken(found: Found): Token {
  if (typeof found === 'string') return found;
  const { type, content } = found;
  const parts = Array.isArray(content) ? content : [content];
  return { kind: type, parts: parts.map((part) => toToken(part as Found)) };
}
