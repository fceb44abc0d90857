import { allOf } from './all-of';
import type { ForeignKeyFacts, RelationFacts } from './catalog-facts';
import type { RowCounts } from './paths-of-effect';
import type { Preparation } from './preparation';
import type { Counted } from './rehearsal';
import {
  type Recognition,
  type RowSet,
  readNewRows,
  readOldRows,
  type Search,
  type TouchedTable,
} from './row-images';
import { valuesOf } from './row-pairs';
import {
  atPlaces,
  type Hanging,
  joinPlaces,
  linkBetween,
  locateByValues,
  nearPlaces,
  noPlaces,
  type Places,
  shareSnapshot,
} from './row-places';
import { isDatabaseError, type Session } from './session';

export const IMAGE_CAP = 5_000;

/** Up to here a table is looked through sooner than places in it are named. */
const SMALL_PAGES = 128;
export const isSmall = ({ pages }: RowCounts): boolean => pages <= SMALL_PAGES;

type Rows = { before: RowSet | null; after: RowSet | null };
export type Found = Rows & { table: TouchedTable; counts: RowCounts };

export const isComplete = (counts: RowCounts, before: RowSet | null, after: RowSet | null): boolean =>
  after !== null &&
  after.total === counts.inserted + counts.updated &&
  (before?.total ?? 0) === counts.updated + counts.deleted;

/**
 * Finds the rows a transaction wrote. It looks first where they probably are; only when PostgreSQL counted others than were found there
 * is the whole table looked through. What is found was recognised by its header, so that as many as were counted are all of them.
 */
export class RowSearch {
  constructor(
    private readonly main: Session,
    private readonly observer: Session,
    private readonly prep: Preparation,
    private readonly counted: Counted,
    private readonly xid: string,
    private readonly snapshot: string,
  ) {}

  /** Whether a foreign key joins the table to one of these. */
  isLinked({ relation }: TouchedTable, others: readonly { table: TouchedTable }[]): boolean {
    return others.some(({ table }) => linkBetween(this.prep.facts.foreignKeys, relation, table.relation));
  }

  /** Whether rows of the table can hang on rows of one of these. */
  hangsOn({ relation }: TouchedTable, others: readonly { table: TouchedTable }[]): boolean {
    return this.prep.facts.foreignKeys.some(
      ({ child, parent }) =>
        child === relation.oid &&
        parent !== relation.oid &&
        others.some(({ table }) => table.relation.oid === parent),
    );
  }

  async read(
    table: TouchedTable,
    counts: RowCounts,
    located: Places | null,
    known: readonly Found[],
  ): Promise<Found> {
    if (!table.relation.readable) return { table, counts, before: null, after: null };
    const near = isSmall(counts) ? null : await this.attempt(() => this.near(table, counts, located, known));
    if (near !== null) return { table, counts, ...near };
    const far = await this.attempt(async () => {
      const young = await this.everywhere(table, counts, 'young');
      return isComplete(counts, young.before, young.after) ? young : this.everywhere(table, counts, 'any');
    });
    return { table, counts, ...(far ?? { before: null, after: null }) };
  }

  /** What the database refuses here must not take the statement's own transaction with it. */
  private async attempt<T>(work: () => Promise<T | null>): Promise<T | null> {
    try {
      return await work();
    } catch (error) {
      if (!isDatabaseError(error)) throw error;
      await this.main.fixed('ROLLBACK TO SAVEPOINT holdpoint_measuring');
      this.observer.ahead('ROLLBACK');
      shareSnapshot(this.observer, this.snapshot);
      return null;
    }
  }

  /** Null unless all rows PostgreSQL counted were found. */
  private async near(
    table: TouchedTable,
    counts: RowCounts,
    located: Places | null,
    known: readonly Found[],
  ): Promise<Rows | null> {
    const places = located ?? (await this.places(table, counts, known));
    if (places === null) return null;
    const found = await this.nearby(table, counts, places, 0);
    if (found === null || isComplete(counts, found.before, found.after)) return found;
    if ((found.before?.total ?? 0) !== counts.updated + counts.deleted) return null;
    // All old versions are known: only the new ones have to be looked for elsewhere.
    const after = await readNewRows(this.main, table, this.search('young', counts), null);
    const all = { before: found.before, after };
    return after.survivors.length === 0 && isComplete(counts, all.before, after) ? all : null;
  }

  /** Places of rows that hang on rows already found; nothing has to be found where rows were only inserted. */
  private async places(
    { relation }: TouchedTable,
    counts: RowCounts,
    known: readonly Found[],
  ): Promise<Places | null> {
    if (counts.updated + counts.deleted === 0) return noPlaces;
    const hanging = this.hanging(relation, known);
    if (hanging.length === 0) return null;
    // Deleted rows leave no new ones beside them that would have to be looked for, unless they hang on each other.
    const gone = counts.inserted + counts.updated === 0;
    if (gone && this.selfReference(relation) === undefined) return { ...noPlaces, hanging };
    let all: Places | null = null;
    for (const { columns, values } of hanging) {
      const found = await locateByValues(this.observer, relation, columns, values);
      all = all === null || found === null ? (found ?? all) : joinPlaces(all, found);
    }
    return all;
  }

  private hanging(relation: RelationFacts, known: readonly Found[]): Hanging[] {
    return known.flatMap(({ table, before, after }) => {
      const link = linkBetween(this.prep.facts.foreignKeys, relation, table.relation);
      const rows = [...(before?.rows ?? []), ...(after?.rows ?? [])];
      if (link === null || (before?.total ?? 0) + (after?.total ?? 0) > rows.length) return [];
      return [{ columns: link.columns, values: valuesOf(table.relation, rows, link.otherColumns) }];
    });
  }

  private selfReference(relation: RelationFacts): ForeignKeyFacts | undefined {
    return this.prep.facts.foreignKeys.find((k) => k.child === relation.oid && k.parent === relation.oid);
  }

  private async nearby(
    table: TouchedTable,
    counts: RowCounts,
    places: Places,
    round: number,
  ): Promise<Rows | null> {
    const { relation } = table;
    const search = this.search('young', counts);
    const old = counts.updated + counts.deleted;
    const at = (param: number) => atPlaces(relation, places, param);
    const written = {
      fresh: counts.inserted + counts.updated,
      inserted: counts.inserted,
      sequence: this.sequenceOf(table),
    };
    const readNew = (keys: ReturnType<typeof valuesOf>) =>
      readNewRows(this.main, table, search, (param) => nearPlaces(relation, places, written, keys, param));
    const readOld = () => (old === 0 ? null : readOldRows(this.observer, table, search, [], at));
    // Both sessions at once: most new versions lie beside the old ones. Only for those that do not, the keys of the old rows are waited for.
    const [before, early] = await allOf(readOld(), readNew([]));
    if (before !== null && before.total < old) return this.further(table, counts, places, before, round);
    const keys =
      (before?.total ?? 0) > IMAGE_CAP ? [] : valuesOf(relation, before?.rows ?? [], relation.key ?? []);
    const after =
      keys.length === 0 || early.total === counts.inserted + counts.updated ? early : await readNew(keys);
    if (before === null || after.survivors.length === 0) return { before, after };
    return { after, before: await readOldRows(this.observer, table, search, after.survivors, at) };
  }

  /** A table that refers to itself: what hangs on the rows found, and on those in turn. */
  private async further(
    table: TouchedTable,
    counts: RowCounts,
    places: Places,
    before: RowSet,
    round: number,
  ): Promise<Rows | null> {
    const { relation } = table;
    const key = this.selfReference(relation);
    if (key === undefined || round > 8 || before.total > before.rows.length) return null;
    const values = valuesOf(relation, before.rows, key.parentColumns);
    const below = await locateByValues(this.observer, relation, key.columns, values);
    const all = below === null ? null : joinPlaces(places, below);
    return all === null || all.count === places.count ? null : this.nearby(table, counts, all, round + 1);
  }

  /** The sequence behind a key of one column, where this transaction moved it. */
  private sequenceOf({ relation }: TouchedTable): number | null {
    const [key, ...more] = relation.key ?? [];
    if (key === undefined || more.length > 0) return null;
    const owned = this.prep.facts.sequences.find((s) => s.relation === relation.oid && s.column === key);
    const moved = this.counted.locks.find(
      ({ kind, mode, name }) => kind === 'S' && mode === 'RowExclusiveLock' && name === owned?.sequence,
    );
    return moved?.oid ?? null;
  }

  private search(recognition: Recognition, { inserted, updated, deleted }: RowCounts): Search {
    return { xid: this.xid, cap: IMAGE_CAP, recognition, expected: inserted + updated + deleted };
  }

  /** Looks through all of it, in both sessions at once. */
  private async everywhere(table: TouchedTable, counts: RowCounts, recognition: Recognition): Promise<Rows> {
    const search = this.search(recognition, counts);
    const readOld = (survivors: readonly string[]) =>
      readOldRows(this.observer, table, search, survivors, null);
    const [old, after] = await allOf(
      counts.updated + counts.deleted === 0 ? null : readOld([]),
      readNewRows(this.main, table, search, null),
    );
    return {
      after,
      before: old === null || after.survivors.length === 0 ? old : await readOld(after.survivors),
    };
  }
}
