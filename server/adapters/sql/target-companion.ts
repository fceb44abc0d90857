import { isDeepStrictEqual } from 'node:util';
import { parseSync } from 'libpg-query';
import type { Preparation } from './preparation';
import { quoteName } from './quoting';
import { atTopLevel, sliceBytes, type Token, tokensOf } from './statement-text';
import { nameInSql } from './static-footprint';
import { type Fields, fieldsOf, listOf, unwrap, withoutPlaces } from './tree';

/**
 * A query for the places (`t` table, `c` ctid) of the rows an UPDATE or DELETE will replace: its own FROM and WHERE. Null where the text
 * cannot be cut into one that the grammar reads as the same. What it finds is only where to look first; the row headers say what was written.
 */
export function targetCompanion(prep: Preparation): string | null {
  const { body, targets } = prep.gate;
  const [target] = targets;
  if (body === null || target === undefined || targets.length !== 1) return null;
  if (body.type !== 'UpdateStmt' && body.type !== 'DeleteStmt') return null;
  const relation = prep.index.get(prep.found.resolved.get(nameInSql(target)) ?? 0);
  if (relation === undefined || !['r', 'p'].includes(relation.kind) || !relation.readable) return null;
  // A volatile condition may choose other rows the second time, or do something a second time.
  const called = new Set(prep.found.functions);
  const volatile = prep.facts.functions.some((fn) => fn.volatility === 'v' && called.has(fn.oid));
  if (volatile || prep.found.volatileBuiltins.length > 0) return null;
  const row = quoteName(target.alias);
  const places = `SELECT ${row}.tableoid::int8 AS t, ${row}.ctid AS c FROM `;
  const text = body.type === 'UpdateStmt' ? fromUpdate(body.text, places) : fromDelete(body.text, places);
  return text !== null && isSameChoice(body.node, text, body.type) ? text : null;
}

const startOf = (tokens: readonly Token[], word: string, after = -1): Token | undefined =>
  tokens.find((token, i) => token.start > after && token.text === word && tokens[i - 1]?.text !== 'distinct');

function fromDelete(text: string, places: string): string | null {
  const tokens = atTopLevel(tokensOf(text));
  const verb = startOf(tokens, 'delete');
  const from = startOf(tokens, 'from', verb?.start);
  if (verb === undefined || from === undefined) return null;
  const using = startOf(tokens, 'using', from.start);
  const end = startOf(tokens, 'returning', from.start)?.start;
  const tables =
    using === undefined
      ? sliceBytes(text, from.end, end)
      : `${sliceBytes(text, from.end, using.start)},${sliceBytes(text, using.end, end)}`;
  return `${sliceBytes(text, 0, verb.start)} ${places} ${tables}`;
}

function fromUpdate(text: string, places: string): string | null {
  const tokens = atTopLevel(tokensOf(text));
  const verb = startOf(tokens, 'update');
  const set = startOf(tokens, 'set', verb?.start);
  if (verb === undefined || set === undefined) return null;
  const from = startOf(tokens, 'from', set.start);
  const where = startOf(tokens, 'where', set.start);
  const end = startOf(tokens, 'returning', set.start)?.start;
  const more = from === undefined ? '' : `, ${sliceBytes(text, from.end, where?.start ?? end)}`;
  const condition = where === undefined ? '' : sliceBytes(text, where.start, end);
  return `${sliceBytes(text, 0, verb.start)} ${places} ${sliceBytes(text, verb.end, set.start)}${more} ${condition}`;
}

/** The proof that cutting text did not change which rows are chosen: target, other tables, condition and CTEs are those of the statement. */
function isSameChoice(node: Fields, text: string, type: string): boolean {
  let again: Fields | null;
  try {
    const [statement, ...more] = listOf(fieldsOf(parseSync(text))?.stmts);
    again = more.length > 0 ? null : (unwrap(fieldsOf(statement)?.stmt)?.node ?? null);
  } catch {
    return false;
  }
  if (again === null) return false;
  const [target, ...others] = listOf(again.fromClause);
  const same = (a: unknown, b: unknown): boolean => isDeepStrictEqual(withoutPlaces(a), withoutPlaces(b));
  return (
    same(unwrap(target)?.node, node.relation) &&
    same(others, listOf(type === 'UpdateStmt' ? node.fromClause : node.usingClause)) &&
    same(again.whereClause, node.whereClause) &&
    same(again.withClause, node.withClause)
  );
}
