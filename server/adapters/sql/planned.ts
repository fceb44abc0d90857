import type { FootprintItem, UnknownFact } from '@/server/domain/footprint';
import type { Measurement } from '@/server/domain/ports';
import { type RelationFacts, relationName } from './catalog-facts';
import { classesOf, declaredClass } from './classes';
import { emptyFootprint, measured } from './footprints';
import { type Preparation, unclassifiedColumns } from './preparation';
import { qualified } from './quoting';
import { readItem, readRelations } from './read-items';
import { MOST_PLACES } from './row-places';
import { unmeasuredSequenceItems } from './sequence-items';
import { isDatabaseError, type Session } from './session';
import { subjectPathOf } from './subjects';
import { namedTargets } from './written-items';

/** Rows a statement may touch by the planner's estimate before it is no longer rehearsed. */
export const LARGEST_REHEARSAL_ROWS = 200_000;

/** What the planner expects of a statement. */
export type Foreseen = {
  /** Why it is not run to be measured; null when it is. */
  refused: { because: UnknownFact[]; estimate: number | null } | null;
  /** It looks through a whole table and changes so much of it that its rows lie anywhere. */
  scattered: boolean;
};

/** Measuring and executing ask the same question and get the same answer. */
export async function foresee(session: Session, prep: Preparation, largestRows: number): Promise<Foreseen> {
  if (prep.assessment.run === 'refuse') {
    return { refused: { because: [], estimate: null }, scattered: false };
  }
  if (prep.gate.shape !== 'write') return { refused: null, scattered: false };
  const plan = await planOf(session, prep);
  const estimate = plan === null ? null : rowsChanged(plan);
  if (plan === null || estimate === null || estimate <= largestRows) {
    return { refused: null, scattered: plan !== null && isScattered(plan) };
  }
  const message = `The planner expects ${Math.round(estimate)} rows to change, more than the ${largestRows} that are rehearsed. So it was not run: the numbers shown are estimates and can be far off. Ask for smaller steps to see exact ones.`;
  return { refused: { because: [{ code: 'rehearsal_refused', message }], estimate }, scattered: false };
}

/** The planner's plan of a write; null when the planner cannot say. Runs stable functions, nothing else. */
async function planOf(session: Session, prep: Preparation): Promise<unknown> {
  if (prep.gate.body === null) return null;
  session.ahead("BEGIN READ ONLY; SET LOCAL statement_timeout = '2s'; SET LOCAL lock_timeout = '200ms'");
  try {
    const answer = await session.run(`EXPLAIN (FORMAT JSON) ${prep.gate.body.text}`, prep.params);
    return JSON.parse(answer.rows[0]?.[0] ?? 'null');
  } catch (error) {
    if (!isDatabaseError(error)) throw error;
    return null;
  } finally {
    session.ahead('ROLLBACK');
  }
}

type Plan = { 'Node Type'?: string; 'Plan Rows'?: number; Plans?: Plan[]; Plan?: Plan };

/** The node below ModifyTable says how many rows are changed; ModifyTable itself only what it returns. */
function rowsChanged(root: unknown): number {
  let total = 0;
  const queue: Plan[] = Array.isArray(root) ? [...(root as Plan[])] : [];
  for (let plan = queue.shift(); plan !== undefined; plan = queue.shift()) {
    if (plan.Plan !== undefined) queue.push(plan.Plan);
    if (plan['Node Type'] === 'ModifyTable') total += plan.Plans?.[0]?.['Plan Rows'] ?? 0;
    queue.push(...(plan.Plans ?? []));
  }
  return total;
}

/** More rows than could be named one by one, out of a table that is read from end to end. */
function isScattered(root: unknown): boolean {
  const [top] = Array.isArray(root) ? (root as Plan[]) : [];
  const write = top?.Plan;
  const scan = write?.Plans?.[0];
  const rows = scan?.['Plan Rows'] ?? 0;
  return write?.['Node Type'] === 'ModifyTable' && scan?.['Node Type'] === 'Seq Scan' && rows > MOST_PLACES;
}

/** The measurement of what was not run: relations and columns from the catalog, counts estimated or unknown. */
export async function measurePlanned(
  session: Session,
  prep: Preparation,
  because: readonly UnknownFact[],
  estimate: number | null,
): Promise<Measurement> {
  const items =
    prep.gate.shape === 'truncate'
      ? await truncated(session, prep)
      : prep.gate.shape === 'define'
        ? defined(prep)
        : [...written(prep, estimate), ...read(prep), ...unmeasuredSequenceItems(prep)];
  const { classifications } = prep.target;
  const unknowns = [
    ...prep.assessment.unknowns,
    ...because,
    ...unclassifiedColumns(items, prep, (relation, column) =>
      declaredClass(classifications, relation, column),
    ),
  ];
  return measured({
    ...emptyFootprint(),
    items,
    unknowns,
    subjects: null,
    method: estimate === null ? 'none' : 'planned',
    as: { role: prep.role, searchPath: [...prep.target.searchPath] },
    definitions: prep.definitions,
  });
}

function written(prep: Preparation, estimate: number | null): FootprintItem[] {
  return namedTargets(prep).flatMap(({ target, relation }) =>
    target.operations.map((operation) => {
      const all = (relation.columns ?? []).map(({ name }) => name);
      const columns = target.columns[operation] ?? all;
      return {
        ...itemOf(prep, relation, operation, columns),
        count: estimate === null ? null : Math.round(estimate),
        provenance: estimate === null ? ('unknown' as const) : ('estimated' as const),
      };
    }),
  );
}

const read = (prep: Preparation): FootprintItem[] =>
  readRelations(prep).map((r) =>
    readItem(prep, r, 'read', { count: null, provenance: 'unknown', ...peopleOf(prep, r.relation) }),
  );

const peopleOf = (prep: Preparation, relation: RelationFacts): { subjects?: null } =>
  subjectPathOf(prep.paths, relation) === null ? {} : { subjects: null };

function itemOf(
  prep: Preparation,
  relation: RelationFacts,
  operation: FootprintItem['operation'],
  columns: readonly string[],
): FootprintItem {
  return {
    kind: 'relation',
    target: prep.target.name,
    resource: relationName(relation),
    operation,
    count: null,
    provenance: 'unknown',
    columns: [...columns],
    classes: classesOf(prep.target.classifications, relation, columns),
    ...peopleOf(prep, relation),
    reversible: false,
  };
}

/** Data definition: one item per relation named, or one for the statement when it names none that exists. */
function defined(prep: Preparation): FootprintItem[] {
  const named = [...new Set(prep.found.resolved.values())].flatMap((oid) => prep.index.get(oid) ?? []);
  if (named.length > 0) {
    return named.map((relation) =>
      itemOf(
        prep,
        relation,
        'define',
        (relation.columns ?? []).map(({ name }) => name),
      ),
    );
  }
  return [
    {
      kind: 'statement',
      target: prep.target.name,
      resource: prep.gate.type,
      operation: 'define',
      count: null,
      provenance: 'unknown',
      reversible: false,
    },
  ];
}

/** TRUNCATE removes everything: the rows there are now, counted by reading, and those of tables it cascades to. */
async function truncated(session: Session, prep: Preparation): Promise<FootprintItem[]> {
  const named = new Set(prep.found.resolved.values());
  const items: FootprintItem[] = [];
  for (const relation of truncatedRelations(prep, named)) {
    const via = named.has(relation.oid) ? {} : { via: wayOfTruncate(prep, relation, named) };
    const columns = (relation.columns ?? []).map(({ name }) => name);
    const counted = await countNow(session, relation);
    items.push({ ...itemOf(prep, relation, 'truncate', columns), ...counted, ...via });
  }
  return items;
}

function truncatedRelations(prep: Preparation, named: ReadonlySet<number>): RelationFacts[] {
  const reached = new Set(named);
  const cascades = /\bcascade\b/i.test(prep.gate.statement);
  for (const oid of reached) {
    for (const relation of prep.facts.relations)
      if (relation.parents?.includes(oid)) reached.add(relation.oid);
    if (cascades) for (const key of prep.facts.foreignKeys) if (key.parent === oid) reached.add(key.child);
  }
  return prep.facts.relations.filter(({ oid, kind }) => reached.has(oid) && (kind === 'r' || kind === 'p'));
}

function wayOfTruncate(prep: Preparation, relation: RelationFacts, named: ReadonlySet<number>): string {
  const parent = relation.parents?.map((oid) => prep.index.get(oid)).find((r) => r !== undefined);
  if (parent !== undefined) return `partition of ${relationName(parent)}`;
  const key = prep.facts.foreignKeys.find(
    (k) => k.child === relation.oid && (named.has(k.parent) || prep.index.has(k.parent)),
  );
  const from = key === undefined ? undefined : prep.index.get(key.parent);
  return key === undefined || from === undefined
    ? 'CASCADE'
    : `foreign key ${key.name} (TRUNCATE CASCADE) from ${relationName(from)}`;
}

async function countNow(
  session: Session,
  relation: RelationFacts,
): Promise<Pick<FootprintItem, 'count' | 'provenance'>> {
  session.ahead("BEGIN READ ONLY; SET LOCAL statement_timeout = '5s'; SET LOCAL lock_timeout = '200ms'");
  try {
    const answer = await session.run(
      `SELECT pg_catalog.count(*) FROM ${qualified(relation.schema, relation.name)}`,
    );
    return { count: Number(answer.rows[0]?.[0] ?? 0), provenance: 'estimated' };
  } catch (error) {
    if (!isDatabaseError(error)) throw error;
    return { count: null, provenance: 'unknown' };
  } finally {
    session.ahead('ROLLBACK');
  }
}
