import { createHash } from 'node:crypto';
import type { Footprint, FootprintItem, RowImage, UnknownFact } from '@/server/domain/footprint';
import type { Measurement } from '@/server/domain/ports';
import { allOf } from './all-of';
import type { Answer } from './answer';
import { declaredClass } from './classes';
import { columnClasses } from './column-classes';
import { emptyFootprint } from './footprints';
import type { Gate } from './gate';
import { newValues } from './new-values';
import {
  describeRead,
  type Preparation,
  unclassifiedColumns,
  withDescribed,
  withWritten,
} from './preparation';
import { type CountedReads, countReads, planCounting, tellingColumn } from './read-counts';
import { type ReadRelation, readItem, readRelations } from './read-items';
import { readsInsideFunctions } from './reads-inside-functions';
import { type Counted, runCounted } from './rehearsal';
import { markRestatements } from './restatements';
import { locateTargets, type Places } from './row-places';
import { IMAGE_CAP } from './row-search';
import { sequenceItems } from './sequence-items';
import type { Session } from './session';
import { leavesNothing } from './settle';
import { readTouchedRows, type TouchedRows } from './touched-rows';
import { typedRow } from './typed-values';
import { undoPlan } from './undo-plan';
import { guessWritten } from './written-by-functions';
import { writtenItems } from './written-items';

export type MeasuredRun = {
  answer: Answer;
  measurement: Measurement;
  xid: string | null;
  /** The sessions can be settled, and another statement be measured in them. */
  leavesNothing: boolean;
};

/**
 * Runs the exact bytes in the transaction that `beginMeasured` opened in `main` and measures what they did. The caller ends the transaction: a rehearsal rolls
 * it back, an execution commits it if what was measured is what was approved. Database errors pass through.
 */
export async function runMeasured(
  main: Session,
  observer: Session,
  prepared: Preparation,
  { snapshot, scattered }: { snapshot: string | null; scattered: boolean },
): Promise<MeasuredRun> {
  const readOnly = prepared.assessment.run === 'read_only';
  const plan = planCounting(prepared);
  const telling = tellingColumn(plan);
  const running = runCounted(main, prepared.gate.statement, prepared.params, {
    keepRows: IMAGE_CAP,
    writes: !readOnly,
    answers: mayReturnRows(prepared.gate),
    watched: telling?.number == null ? null : { oid: telling.oid, number: telling.number },
  });
  // While it runs, the second session finds out what triggers may have written, and where its rows are.
  const guessing = snapshot === null ? null : guessWritten(observer, prepared);
  const locating =
    snapshot === null || scattered ? Promise.resolve(NOWHERE) : locateTargets(observer, prepared, snapshot);
  const [{ answer, counted }, guess, located] = await allOf(running, guessing, locating);
  const written = counted.counts.map(({ oid }) => oid).filter((oid) => oid >= 16_384);
  const known = await withWritten(observer, prepared, written, guess);
  const [described, touched] = await allOf(
    describeRead(
      observer,
      known,
      counted.locks.filter(({ kind }) => kind !== 'S').map(({ oid }) => oid),
    ),
    readTouchedRows(main, observer, known, counted, { snapshot, located }),
  );
  const prep = withDescribed(known, described);
  const reads = [...readRelations(prep), ...readsInsideFunctions(prep, counted)];
  const countedReads = await countReads(
    { main, observer, snapshot },
    prep,
    reads.filter((read) => !isReturned(prep, read)),
    { counted, answer, plan },
  );
  const measurement = assemble(prep, { answer, counted, touched, reads, countedReads, readOnly });
  return { answer, measurement, xid: counted.xid, leavesNothing: leavesNothing(prepared, prep) };
}

const WITHOUT_ANSWER: ReadonlySet<string> = new Set(['InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt']);

/** By its grammar. */
const mayReturnRows = (gate: Gate): boolean =>
  !WITHOUT_ANSWER.has(gate.type) || gate.targets.some(({ returning }) => returning);

const NOWHERE: ReadonlyMap<number, Places> = new Map();

type Parts = {
  answer: Answer;
  counted: Counted;
  touched: TouchedRows;
  reads: ReadRelation[];
  countedReads: CountedReads;
  readOnly: boolean;
};

function assemble(prep: Preparation, parts: Parts): Measurement {
  const { answer, counted, touched, countedReads } = parts;
  const written = writtenItems(prep, counted.counts, touched, answer.rowCount);
  const given = newValues(prep, touched);
  const read = readItemsOf(prep, parts);
  const items = markRestatements(prep, [
    ...written.items,
    ...read,
    ...sequenceItems(prep, counted),
    ...catalogItems(prep, counted),
  ]);
  const { classifications } = prep.target;
  const unknowns: UnknownFact[] = [
    ...prep.assessment.unknowns,
    ...touched.unknowns,
    ...given.unknowns,
    ...written.unknowns,
    ...disclosedUnknowns(prep, countedReads),
    ...catalogUnknowns(counted),
    ...unclassifiedColumns(items, prep, (relation, column) =>
      declaredClass(classifications, relation, column),
    ),
  ];
  const footprint: Footprint = {
    ...emptyFootprint(),
    items,
    unknowns: dedupe(unknowns),
    subjects: totalPeople(prep, touched, countedReads, written.unknowns.length > 0),
    method: parts.readOnly ? 'read_only' : 'rehearsed',
    as: { role: prep.role, searchPath: [...prep.target.searchPath] },
    readOnly: parts.readOnly && prep.assessment.plainRead,
    definitions: prep.definitions,
    rows: rowsDigest(prep, answer, { ...touched, given: given.digest }, read, countedReads),
  };
  const images = imagesOf(prep, answer, touched, parts.reads);
  footprint.columnClasses = columnClasses(prep, answer, items, images.images);
  const disclosed = disclosedBy(prep, read, touched, countedReads, footprint.subjects);
  const undo = writes(prep) ? { undo: () => undoPlan(prep, touched) } : {};
  return { footprint, images: images.images, imagesTotal: images.total, disclosed, ...undo };
}

const writes = (prep: Preparation): boolean => prep.gate.targets.length > 0;

/** Rows of a write's own target that come back through RETURNING: they are the rows written, not others that were looked up. */
function isReturned(prep: Preparation, { relation, via }: ReadRelation): boolean {
  const named = prep.gate.targets.filter((target) => target.name === relation.name);
  return (
    via === null &&
    named.some(({ returning }) => returning) &&
    !prep.gate.reads.some(({ name }) => name === relation.name)
  );
}

function readItemsOf(prep: Preparation, { reads, countedReads, answer, touched }: Parts): FootprintItem[] {
  const items = reads.map((read) => {
    if (isReturned(prep, read)) return returnedItem(prep, read, answer, touched);
    const { subjects, ...counted } = countedReads.of(read);
    const shown =
      subjects === undefined || (writes(prep) && !disclosesReads(prep)) ? counted : { ...counted, subjects };
    return readItem(prep, read, 'read', shown);
  });
  if (prep.gate.shape !== 'lock') return items;
  const locked = items.filter((item) => item.via === undefined);
  return [...items, ...locked.map((item) => ({ ...item, operation: 'lock' as const }))];
}

function returnedItem(
  prep: Preparation,
  read: ReadRelation,
  answer: Answer,
  touched: TouchedRows,
): FootprintItem {
  const only = prep.gate.targets.length === 1 ? prep.gate.targets[0] : undefined;
  const operation = only?.operations[0];
  const people = operation === undefined ? undefined : touched.peopleIn(read.relation, operation);
  return readItem(prep, read, 'read', {
    count: only === undefined || prep.gate.explained ? null : answer.rowCount,
    provenance: only === undefined || prep.gate.explained ? 'unknown' : 'measured',
    ...(people === undefined ? {} : { subjects: people }),
    note: 'returned by RETURNING',
  });
}

/** Rows read inside a write reach nobody, unless they are returned or copied into other rows. */
const disclosesReads = (prep: Preparation): boolean =>
  prep.gate.targets.some((target) => target.returning || target.operations.includes('insert'));

const disclosedUnknowns = (prep: Preparation, counted: CountedReads): UnknownFact[] =>
  writes(prep) && !disclosesReads(prep) ? [] : counted.unknowns;

function totalPeople(
  prep: Preparation,
  touched: TouchedRows,
  counted: CountedReads,
  unnamed: boolean,
): number | null {
  if (!touched.peopleComplete || unnamed) return null;
  if (writes(prep) && !disclosesReads(prep)) return touched.people.size;
  if (counted.people === null) return null;
  if (touched.people.size === 0) return counted.people.total;
  return counted.people.list === null ? null : new Set([...touched.people, ...counted.people.list]).size;
}

/** What the answer shows: of a read all it used, conditions included; of a write what comes back through RETURNING and what that was made of. */
function disclosedBy(
  prep: Preparation,
  read: readonly FootprintItem[],
  touched: TouchedRows,
  counted: CountedReads,
  count: number | null,
): NonNullable<Measurement['disclosed']> | null {
  const returns = prep.gate.targets.some((target) => target.returning);
  if (prep.gate.shape === 'explain' || (writes(prep) && !returns)) return null;
  const classes = [...new Set(read.flatMap((item) => item.classes ?? []))].sort();
  const list = counted.people?.list ?? null;
  const named = count !== null && list !== null && (!writes(prep) || touched.peopleComplete);
  return { classes, subjects: named ? [...new Set([...list, ...touched.people])] : null, count };
}

/** For a write: what the rows were before and what the statement gives them. For a read: which people and how many rows, not their values. */
function rowsDigest(
  prep: Preparation,
  answer: Answer,
  touched: TouchedRows & { given: string },
  reads: readonly FootprintItem[],
  counted: CountedReads,
): string {
  const hash = createHash('sha256').update(touched.digest).update(touched.given);
  if (!writes(prep)) {
    const measured = reads
      .filter((item) => item.provenance === 'measured')
      .map((item) => [item.resource, item.operation, item.count, item.columns]);
    hash.update(
      JSON.stringify([
        answer.rowCount,
        answer.fields.map(({ name }) => name),
        measured,
        counted.people?.total,
        counted.people?.digest,
      ]),
    );
  }
  return hash.digest('hex');
}

function imagesOf(prep: Preparation, answer: Answer, touched: TouchedRows, reads: readonly ReadRelation[]) {
  if (writes(prep) || prep.gate.shape === 'explain') return { images: touched.images, total: touched.total };
  const first = reads.find(({ via }) => via === null)?.relation;
  const resource = first === undefined ? 'result' : `${first.schema}.${first.name}`;
  const rows: RowImage[] = answer.rows.slice(0, IMAGE_CAP).map((row, i) => ({
    resource,
    operation: 'read',
    key: `row ${i + 1}`,
    before: null,
    after: typedRow(row, answer.fields),
  }));
  return {
    images: [...touched.images, ...rows].slice(0, IMAGE_CAP),
    total: touched.total === null ? null : touched.total + answer.rowCount,
  };
}

/** Rows written in PostgreSQL's own tables: a function created or altered something. */
function catalogItems(prep: Preparation, counted: Counted): FootprintItem[] {
  if (!counted.counts.some(({ oid }) => oid < 16_384)) return [];
  return [
    {
      kind: 'statement',
      target: prep.target.name,
      resource: 'pg_catalog',
      operation: 'define',
      count: null,
      provenance: 'unknown',
      via: 'a function the statement calls',
      reversible: false,
    },
  ];
}

const catalogUnknowns = (counted: Counted): UnknownFact[] =>
  counted.counts.some(({ oid }) => oid < 16_384)
    ? [
        {
          code: 'opaque_function',
          message: 'A function creates, alters or drops database objects; what exactly is not measured.',
        },
      ]
    : [];

function dedupe(facts: readonly UnknownFact[]): UnknownFact[] {
  return [...new Map(facts.map((fact) => [JSON.stringify(fact), fact])).values()];
}
