import { createHash } from 'node:crypto';
import type { RowImage, UnknownFact } from '@/server/domain/footprint';
import { allOf } from './all-of';
import { type RelationFacts, relationName } from './catalog-facts';
import type { RowCounts } from './paths-of-effect';
import type { Preparation } from './preparation';
import type { Counted } from './rehearsal';
import type { RowSet, TouchedTable } from './row-images';
import { pairImages } from './row-pairs';
import { type Places, shareSnapshot } from './row-places';
import { IMAGE_CAP, isComplete, isSmall, RowSearch } from './row-search';
import type { Session } from './session';
import { subjectPathOf } from './subjects';
import type { WriteOperation } from './write-targets';

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
  /** Table by table, as the database printed them: what an undo is made of. */
  reads: readonly Read[];
};

export type Read = { table: TouchedTable; counts: RowCounts; before: RowSet | null; after: RowSet | null };

/** Reads old images through a second session on the same snapshot and new ones in the transaction itself, and reconciles with the counters. */
export async function readTouchedRows(
  main: Session,
  observer: Session,
  prep: Preparation,
  counted: Counted,
  written: { snapshot: string | null; located: ReadonlyMap<number, Places> },
): Promise<TouchedRows> {
  const { snapshot, located } = written;
  const tables = counted.counts.flatMap((counts) => {
    const relation = prep.index.get(counts.oid);
    return relation === undefined
      ? []
      : [{ counts, table: { relation, subject: subjectPathOf(prep.paths, relation) } }];
  });
  const reads: Read[] = [];
  if (tables.length > 0 && snapshot !== null && counted.xid !== null) {
    shareSnapshot(observer, snapshot);
    try {
      const search = new RowSearch(main, observer, prep, counted, youngXid(counted.xid), snapshot);
      let waiting = tables;
      while (waiting.length > 0) {
        const next = nextTables(search, waiting, reads, located);
        waiting = waiting.filter((table) => !next.includes(table));
        const read = ({ table, counts }: Waiting) =>
          search.read(table, counts, located.get(counts.oid) ?? null, reads);
        const together = await allOf(...next.map(read));
        for (const [i, one] of next.entries()) {
          const found = together[i];
          // What the database refuses of one table, it refuses of all that are read with it.
          const failed = found?.after === null && one.table.relation.readable && next.length > 1;
          const again = failed ? await read(one) : found;
          if (again !== undefined) reads.push(again);
        }
      }
    } finally {
      observer.ahead('ROLLBACK');
    }
  }
  return summarize(reads, reads.flatMap(reconcile));
}

type Waiting = { counts: RowCounts; table: TouchedTable };

/**
 * Rows the statement names, new ones, and those of small tables, lead to what hangs on them. Several tables are read at once, but for what hangs on one that
 * is still to be read: its rows are found by those.
 */
function nextTables(
  search: RowSearch,
  waiting: readonly Waiting[],
  reads: readonly Read[],
  located: ReadonlyMap<number, Places>,
): readonly Waiting[] {
  const ready = waiting.filter(
    ({ counts }) => isSmall(counts) || located.has(counts.oid) || counts.updated + counts.deleted === 0,
  );
  if (ready.length > 0) return ready;
  const linked = waiting.filter(({ table }) => search.isLinked(table, reads));
  const free = linked.filter(({ table }) => !search.hangsOn(table, waiting));
  return free.length > 0 ? free : [linked[0] ?? waiting[0]].flatMap((one) => one ?? []);
}

/** Row headers hold 32 bits of an xid. */
const youngXid = (xid: string): string => (BigInt(xid) % 4_294_967_296n).toString();

function reconcile({ table, counts, before, after }: Read): UnknownFact[] {
  const resource = relationName(table.relation);
  const partial = (message: string): UnknownFact[] => [{ code: 'images_partial', message, resource }];
  if (after === null)
    return partial(
      `The rows of ${resource} cannot be shown, only counted: the role may change them but not read them. To see them, grant it SELECT on ${resource}.`,
    );
  const fresh = counts.inserted + counts.updated;
  const old = counts.updated + counts.deleted;
  if (isComplete(counts, before, after)) return [];
  return partial(
    `PostgreSQL counted ${fresh} new and ${old} replaced row versions in ${resource}, ${after.total} and ${before?.total ?? 0} can be shown: some were changed more than once, undone inside a function, hidden by row security or locked by others. Do not take the rows shown for all of them.`,
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
    if (after !== null && images.length < IMAGE_CAP)
      images.push(...pairImages(relation, before ?? EMPTY, after, counts));
  }
  return {
    images: images.slice(0, IMAGE_CAP),
    total,
    digest: hash.digest('hex'),
    unknowns,
    people,
    peopleComplete: reads.every(({ table, after }) => table.subject === null || after !== null),
    reads,
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
