import type { UndoPlan } from '@/server/domain/ports';
import { type ColumnFacts, type RelationFacts, relationName } from './catalog-facts';
import type { Preparation } from './preparation';
import { qualified, quoteName, quoteText } from './quoting';
import { LONGEST_VALUE } from './row-images';
import { pairRows, type Row } from './row-pairs';
import { IMAGE_CAP, isComplete } from './row-search';
import type { Read, TouchedRows } from './touched-rows';
import { undoesChain } from './undo-reach';
import type { WriteOperation } from './write-targets';

/** What is taken back of one table: `undoes` is what the statement did. Rows stand as PostgreSQL printed them. */
type Step = {
  relation: RelationFacts;
  undoes: WriteOperation;
  rows: { old: Row | null; fresh: Row | null }[];
};

/**
 * One statement that takes back what ran: rows put back as they were, deleted ones again, inserted ones away, each only where nobody has
 * changed it since. All values are parameters, one JSON text per table, cast to the column's own type. What triggers wrote elsewhere is left:
 * what they do again when this runs is theirs to do.
 */
export function undoPlan(prep: Preparation, touched: TouchedRows): UndoPlan {
  const { taken, left } = undoesChain(prep, touched.reads);
  const steps = taken.flatMap(stepsOf);
  const obstacle =
    taken.map(whyNot).find((why) => why !== null) ?? steps.map(cutValue).find((why) => why !== null);
  if (obstacle != null) return { possible: false, why: obstacle };
  if (steps.length === 0) return { possible: false, why: 'It changed no row that could be put back.' };
  const parts = steps.map((step, i) => composed(step, i));
  const report = parts.map(({ report }) => report).join('\nUNION ALL ');
  return {
    possible: true,
    args: { statement: `WITH ${parts.map(({ ctes }) => ctes).join(',\n')}\n${report}` },
    params: steps.map(paramOf),
    rows: steps.reduce((sum, step) => sum + step.rows.length, 0),
    left: left.map((relation) => relationName(relation)),
  };
}

function whyNot({ table, counts, before, after }: Read): string | null {
  const name = relationName(table.relation);
  if (!isComplete(counts, before, after))
    return `Not all rows of ${name} could be read as they were, so nothing is known to put back.`;
  if ((before?.total ?? 0) > IMAGE_CAP || (after?.total ?? 0) > IMAGE_CAP)
    return `It changed more than ${IMAGE_CAP.toLocaleString('en')} rows of ${name}; only so many are kept as they were.`;
  if (table.relation.key === null)
    return `${name} has no primary key, so its rows cannot be told apart to put them back.`;
  return null;
}

const isCut = (row: Row | null): boolean =>
  row?.some((value) => value !== null && value.length > LONGEST_VALUE) ?? false;

const cutValue = ({ relation, rows }: Step): string | null =>
  rows.some(({ old, fresh }) => isCut(old) || isCut(fresh))
    ? `A value in ${relationName(relation)} is longer than what is kept of it.`
    : null;

const NOTHING = { rows: [], total: 0, digest: null, subjects: [], survivors: [] };

function stepsOf({ table, counts, before, after }: Read): Step[] {
  const { relation } = table;
  const { pairs, old, fresh } = pairRows(relation, before ?? NOTHING, after ?? NOTHING, counts);
  const steps: Step[] = [
    { relation, undoes: 'update', rows: pairs.map(([was, is]) => ({ old: was, fresh: is })) },
    { relation, undoes: 'delete', rows: old.map((was) => ({ old: was, fresh: null })) },
    { relation, undoes: 'insert', rows: fresh.map((is) => ({ old: null, fresh: is })) },
  ];
  return steps.filter((step) => step.rows.length > 0);
}

const columnsOf = (relation: RelationFacts): ColumnFacts[] => relation.columns ?? [];

/** `n` numbers the rows; `b3` is what the third column was before, `a3` what it is now. */
function paramOf({ rows }: Step): string {
  return JSON.stringify(
    rows.map(({ old, fresh }, n) => ({
      n,
      ...Object.fromEntries((old ?? []).map((value, i) => [`b${i}`, value])),
      ...Object.fromEntries((fresh ?? []).map((value, i) => [`a${i}`, value])),
    })),
  );
}

function composed(step: Step, i: number): { ctes: string; report: string } {
  const { relation, undoes } = step;
  const columns = columnsOf(relation);
  const table = qualified(relation.schema, relation.name);
  const letters = undoes === 'update' ? ['b', 'a'] : undoes === 'delete' ? ['b'] : ['a'];
  const fields = letters.flatMap((letter) => columns.map((_, c) => `${letter}${c} text`));
  const rows = `undo_${i} AS (SELECT * FROM pg_catalog.jsonb_to_recordset($${i + 1}::jsonb) AS v(n int, ${fields.join(', ')}))`;
  const as = (letter: string, c: number): string => `v.${letter}${c}::${columns[c]?.type ?? 'text'}`;
  const done = doing(step, i, table, as);
  // A number of the row as the parameter has it is nothing anybody could read; the key says which one it is.
  const key = (relation.key ?? [])
    .map(
      (name) => `${quoteText(`${name}=`)} || v.${letters.at(-1)}${columns.findIndex((c) => c.name === name)}`,
    )
    .join(` || ', ' || `);
  const report = `SELECT ${quoteText(relationName(relation))} AS relation, ${quoteText(undoes)} AS undone,
    (SELECT pg_catalog.count(*) FROM did_${i}) AS restored, (SELECT pg_catalog.array_to_string(pg_catalog.array_agg(${key} ORDER BY v.n), '; ')
    FROM undo_${i} v WHERE v.n NOT IN (SELECT d.n FROM did_${i} d)) AS moved_on`;
  return { ctes: `${rows},\n${done}`, report };
}

function doing(step: Step, i: number, table: string, as: (letter: string, c: number) => string): string {
  const { relation, undoes } = step;
  const columns = columnsOf(relation);
  const written = columns.flatMap(({ generated, name }, c) => (generated === '' ? [{ name, c }] : []));
  const isKey = (name: string): boolean => relation.key?.includes(name) ?? false;
  // Text against text for all but the key: every type prints itself, not every type can be compared.
  const unchanged = columns.map(({ name }, c) =>
    isKey(name)
      ? `t.${quoteName(name)} = ${as('a', c)}`
      : `t.${quoteName(name)}::text IS NOT DISTINCT FROM v.a${c}`,
  );
  if (undoes === 'update') {
    const changed = written.filter(({ c }) => step.rows.some(({ old, fresh }) => old?.[c] !== fresh?.[c]));
    // A row that was written and came out the same has nothing to put back, and still has to be a statement.
    const sets = (changed.length > 0 ? changed : written.filter(({ name }) => !isKey(name))).map(
      ({ name, c }) => `${quoteName(name)} = ${as('b', c)}`,
    );
    return `did_${i} AS (UPDATE ONLY ${table} AS t SET ${sets.join(', ')} FROM undo_${i} v WHERE ${unchanged.join(' AND ')} RETURNING v.n)`;
  }
  if (undoes === 'insert') {
    return `did_${i} AS (DELETE FROM ONLY ${table} AS t USING undo_${i} v WHERE ${unchanged.join(' AND ')} RETURNING v.n)`;
  }
  const names = written.map(({ name }) => quoteName(name)).join(', ');
  const values = written.map(({ c }) => as('b', c)).join(', ');
  const same = columns.flatMap(({ name }, c) =>
    isKey(name) ? [`p.${quoteName(name)} = ${as('b', c)}`] : [],
  );
  return `put_${i} AS (INSERT INTO ${table} (${names}) OVERRIDING SYSTEM VALUE SELECT ${values} FROM undo_${i} v ORDER BY v.n
    ON CONFLICT DO NOTHING RETURNING ${(relation.key ?? []).map(quoteName).join(', ')}),
did_${i} AS (SELECT v.n FROM undo_${i} v JOIN put_${i} p ON ${same.join(' AND ')})`;
}
