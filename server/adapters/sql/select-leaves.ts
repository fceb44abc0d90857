import { isDeepStrictEqual } from 'node:util';
import { parseSync } from 'libpg-query';
import type { Gate } from './gate';
import { sliceBytes, type Token, tokensOf } from './statement-text';
import { everyNode, type Fields, fieldsOf, listOf, unwrap, withoutPlaces } from './tree';

/** One SELECT of a statement without any set operation, with its own text; the CTEs it may name stand apart. */
export type SelectLeaf = { node: Fields; text: string; outermost: boolean };

const MOST_LEAVES = 12;
const SET_OPERATORS = new Set(['union', 'intersect', 'except']);
/** What may follow a SELECT at its own depth without belonging to it: the end of a UNION or of an INSERT. */
const FOLLOWING = new Set(['order', 'limit', 'offset', 'fetch', 'for', 'returning', 'on']);

/**
 * The SELECTs a statement is made of, each with the text it was cut from. The proof of a cut is that the grammar reads it as that very part
 * of the statement; what cannot be cut so is left out.
 */
export function selectLeaves(gate: Gate): { leaves: SelectLeaf[]; ctes: string } {
  const none = { leaves: [], ctes: '' };
  const { body } = gate;
  if (body === null || gate.explained) return none;
  const nodes = leafNodes(body.node);
  const ctes = textOfCtes(body.text, body.node);
  if (ctes === null || nodes.length > MOST_LEAVES) return none;
  const tokens = tokensOf(body.text);
  const open = new Set(nodes);
  const leaves: SelectLeaf[] = [];
  for (const [i, token] of tokens.entries()) {
    if (token.text !== 'select') continue;
    for (const end of possibleEnds(tokens, i)) {
      const text = sliceBytes(body.text, token.start, end);
      const parsed = parseSelect(text);
      const node = parsed === null ? undefined : [...open].find((candidate) => isSame(candidate, parsed));
      if (node === undefined) continue;
      open.delete(node);
      leaves.push({ node, text, outermost: node === body.node });
      break;
    }
  }
  return { leaves, ctes };
}

function leafNodes(root: Fields): Fields[] {
  const nodes: Fields[] = [];
  for (const { node } of everyNode(root))
    if (node.op === 'SETOP_NONE' && listOf(node.targetList).length > 0) nodes.push(node);
  return nodes;
}

/** `WITH a AS (…), b AS (…)` in front of the statement; null where CTEs are nested, since a name may then mean another one. */
function textOfCtes(text: string, body: Fields): string | null {
  let clauses = 0;
  for (const { key } of everyNode(body)) if (key === 'withClause') clauses++;
  if (clauses === 0) return '';
  if (clauses > 1 || body.withClause === undefined) return null;
  const tokens = tokensOf(text);
  let depth = 0;
  for (const token of tokens) {
    if (token.text === '(') depth++;
    if (token.text === ')') depth--;
    if (depth === 0 && ['select', 'insert', 'update', 'delete', 'merge'].includes(token.text)) {
      return sliceBytes(text, tokens[0]?.start ?? 0, token.start);
    }
  }
  return null;
}

/** Where a SELECT may end: at the bracket that closes around it, at a set operator, or before what belongs to the whole. */
function possibleEnds(tokens: readonly Token[], from: number): (number | undefined)[] {
  const ends: (number | undefined)[] = [];
  let depth = 0;
  for (const token of tokens.slice(from + 1)) {
    if (token.text === '(' || token.text === '[') depth++;
    if (token.text === ')' || token.text === ']') depth--;
    if (depth < 0 || (depth === 0 && SET_OPERATORS.has(token.text))) return [token.start, ...ends.reverse()];
    if (depth === 0 && FOLLOWING.has(token.text)) ends.push(token.start);
  }
  return [undefined, ...ends.reverse()];
}

export function parseSelect(text: string): Fields | null {
  try {
    const [statement, ...more] = listOf(fieldsOf(parseSync(text))?.stmts);
    const found = more.length > 0 ? null : unwrap(fieldsOf(statement)?.stmt);
    return found?.type === 'SelectStmt' ? found.node : null;
  } catch {
    return null;
  }
}

function isSame(node: Fields, parsed: Fields): boolean {
  const { withClause: _, ...own } = node;
  return isDeepStrictEqual(withoutPlaces(own), withoutPlaces(parsed));
}
