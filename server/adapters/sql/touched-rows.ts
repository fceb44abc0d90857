import { createHash } from 'node:crypto';
import type { RowImage, UnknownFact } from '@/server/domain/footprint';
import { type RelationFacts, relationName } from './catalog-facts';
import type { RowCounts } from './paths-of-effect';
import type { Preparation } from './preparation';
import type { Counted } from './rehearsal';
import {
  pairImages,
  type Recognition,
  type RowSet,
  readNewRows,
  readOldRows,
  type TouchedTable,
} from './row-images';
import { isDatabaseError, type Session } from './session';
import { subjectPathOf } from './subjects';
import type { WriteOperation } from './write-targets';

export const IMAGE_CAP = 5_000;

/** The rows behind the counts, and the people behind the rows. */
export type TouchedRows = {
  images: RowImage[];
  total: number | null;
  /** SHA-256 over relations, counts and old rows; undefined when rows could not all be read. */
  digest: string;
  unknowns: UnknownFact[];
  /** Distinct people behind the rows of one relation; undefined where no path to people is declared, null where rows are missing. */
  peopleIn(relation: RelationFacts, operation: WriteOperation): number | null | undefined;
  /** Distinct people over all rows, with the tables their identities belong to. */
  people: ReadonlySet<string>;
  peopleComplete: boolean;
};

type Read = { table: TouchedTable; counts: RowCounts; before: RowSet | null; after: RowSet | null };

/** Reads old images through a second session on the same snapshot and new ones in the transaction itself, and reconciles with the counters. */
export async function readTouchedRows(
  main: Session,
  observer: Session,
  prep: Preparation,
  counted: Counted,
  snapshot: string | null,
): Promise<TouchedRows> {
  const unknowns: UnknownFact[] = [];
  const tables = counted.counts.flatMap((counts) => {
    const relation = prep.index.get(counts.oid);
    return relation === undefined
      ? []
      : [{ counts, table: { relation, subject: subjectPathOf(prep.paths, relation) } }];
  });
  const reads: Read[] = [];
  if (tables.length > 0 && snapshot !== null && counted.xid !== null) {
    await shareSnapshot(observer, snapshot);
    try {
      for (const { table, counts } of tables) {
        const xid = youngXid(counted.xid);
        const read = await readTable(main, observer, table, counts, xid);
        if (read.after === null && table.relation.readable) await recover(main, observer, snapshot);
        reads.push(read);
      }
    } finally {
      await observer.fixed('ROLLBACK');
    }
  }
  for (const read of reads) unknowns.push(...reconcile(read));
  return summarize(reads, unknowns);
}

async function shareSnapshot(observer: Session, snapshot: string): Promise<void> {
  await observer.fixed(
    `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET TRANSACTION SNAPSHOT '${snapshot.replaceAll("'", '')}';
     SET LOCAL statement_timeout = '30s'; SET LOCAL lock_timeout = '200ms'`,
  );
}

/** Rows that could not be read must not take the statement's own transaction with them. */
async function recover(main: Session, observer: Session, snapshot: string): Promise<void> {
  await main.fixed('ROLLBACK TO SAVEPOINT holdpoint_measuring');
  await observer.fixed('ROLLBACK');
  await shareSnapshot(observer, snapshot);
}

/** Row headers hold 32 bits of an xid. */
const youngXid = (xid: string): string => (BigInt(xid) % 4_294_967_296n).toString();

async function readTable(
  main: Session,
  observer: Session,
  table: TouchedTable,
  counts: RowCounts,
  xid: string,
): Promise<Read> {
  if (!table.relation.readable) return { table, counts, before: null, after: null };
  try {
    const found = await readVersions(main, observer, table, counts, xid, 'young');
    const complete = isComplete(counts, found.before, found.after);
    return {
      table,
      counts,
      ...(complete ? found : await readVersions(main, observer, table, counts, xid, 'any')),
    };
  } catch (error) {
    if (!isDatabaseError(error)) throw error;
    return { table, counts, before: null, after: null };
  }
}

async function readVersions(
  main: Session,
  observer: Session,
  table: TouchedTable,
  counts: RowCounts,
  xid: string,
  recognition: Recognition,
): Promise<{ before: RowSet | null; after: RowSet }> {
  const after = await readNewRows(main, table, xid, IMAGE_CAP, recognition);
  if (counts.updated + counts.deleted === 0) return { before: null, after };
  return { after, before: await readOldRows(observer, table, xid, IMAGE_CAP, recognition, after.survivors) };
}

const isComplete = (counts: RowCounts, before: RowSet | null, after: RowSet): boolean =>
  after.total === counts.inserted + counts.updated &&
  (before?.total ?? 0) === counts.updated + counts.deleted;

function reconcile({ table, counts, before, after }: Read): UnknownFact[] {
  const resource = relationName(table.relation);
  const partial = (message: string): UnknownFact[] => [{ code: 'images_partial', message, resource }];
  if (after === null)
    return partial(
      `The rows of ${resource} cannot be shown: the role may change them but not read them all.`,
    );
  const fresh = counts.inserted + counts.updated;
  const old = counts.updated + counts.deleted;
  if (isComplete(counts, before, after)) return [];
  return partial(
    `PostgreSQL counted ${fresh} new and ${old} replaced row versions in ${resource}, ${after.total} and ${before?.total ?? 0} can be shown: some rows were changed more than once, undone inside a function, hidden by row security or locked by others.`,
  );
}

function summarize(reads: readonly Read[], unknowns: UnknownFact[]): TouchedRows {
  const people = new Set<string>();
  const hash = createHash('sha256');
  const images: RowImage[] = [];
  let total = 0;
  for (const { table, counts, before, after } of [...reads].sort(byName)) {
    const { relation, subject } = table;
    const oldDigest = before?.digest ?? 'none';
    hash.update(
      JSON.stringify([relationName(relation), counts.inserted, counts.updated, counts.deleted, oldDigest]),
    );
    for (const id of [...(before?.subjects ?? []), ...(after?.subjects ?? [])])
      people.add(`${subject?.domain} ${id}`);
    total += counts.inserted + counts.updated + counts.deleted;
    if (after !== null) images.push(...pairImages(relation, before ?? EMPTY, after, counts));
  }
  return {
    images: images.slice(0, IMAGE_CAP),
    total,
    digest: hash.digest('hex'),
    unknowns,
    people,
    peopleComplete: reads.every(({ table, after }) => table.subject === null || after !== null),
    peopleIn: (relation, operation) => peopleIn(reads, relation, operation),
  };
}

const EMPTY: RowSet = { rows: [], total: 0, digest: null, subjects: [], survivors: [] };
const byName = (a: Read, b: Read): number =>
  relationName(a.table.relation) < relationName(b.table.relation) ? -1 : 1;

/** For a partitioned table, the people of its partitions. With several operations on one table this is an upper bound. */
function peopleIn(
  reads: readonly Read[],
  relation: RelationFacts,
  operation: WriteOperation,
): number | null | undefined {
  const own = reads.filter(
    ({ table }) =>
      table.relation.oid === relation.oid ||
      table.relation.ancestors?.some(({ oid }) => oid === relation.oid),
  );
  const withPath = own.filter(({ table }) => table.subject !== null);
  if (withPath.length === 0) return undefined;
  if (withPath.some(({ after }) => after === null)) return null;
  const ids = new Set<string>();
  for (const { before, after } of withPath) {
    if (operation !== 'insert') for (const id of before?.subjects ?? []) ids.add(id);
    if (operation !== 'delete') for (const id of after?.subjects ?? []) ids.add(id);
  }
  return ids.size;
}
