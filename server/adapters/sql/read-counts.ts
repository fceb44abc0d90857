import type { UnknownFact } from '@/server/domain/footprint';
import { relationName } from './catalog-facts';
import { classesOf } from './classes';
import { buildCompanion, type Companion, type Summary } from './companion';
import type { Preparation } from './preparation';
import type { ReadCount, ReadRelation } from './read-items';
import type { Counted } from './rehearsal';
import { isDatabaseError, type Session } from './session';
import { concernsPeople, subjectPathOf } from './subjects';

/** `list` is null when there are too many to hand over. */
export type ReadPeople = { total: number; digest: string | null; list: string[] | null };

export type CountedReads = {
  of(read: ReadRelation): ReadCount;
  /** Distinct people over everything read; null when that could not be told. */
  people: ReadPeople | null;
  unknowns: UnknownFact[];
};

/**
 * How many rows of each relation went into the answer, and whose. `measured` only where rows could be told apart; elsewhere the rows
 * PostgreSQL fetched are an upper bound and said to be `estimated`.
 */
export async function countReads(
  session: Session,
  prep: Preparation,
  reads: readonly ReadRelation[],
  counted: Counted,
): Promise<CountedReads> {
  if (prep.gate.shape === 'explain') return onlyPlanned;
  const companion = buildCompanion(prep, {
    aggregates: new Set(prep.found.aggregates),
    sets: new Set(prep.found.setReturning),
  });
  const summary = companion === null ? null : await ask(session, companion, prep);
  const derived = new Map<number, ReadCount>();
  if (companion !== null && summary !== null) {
    companion.sources.forEach(({ relation, subject }, i) => {
      if (isUsedElsewhere(prep, relation.oid, companion)) return;
      derived.set(relation.oid, {
        count: summary.keys[i] ?? null,
        provenance: companion.exact ? 'measured' : 'estimated',
        ...(subject === null ? {} : { subjects: summary.subjects[i] ?? null }),
        ...(companion.counts === 'feeding' ? { note: 'rows the result was computed from' } : {}),
      });
    });
  }
  const unknowns: UnknownFact[] = [];
  let complete = true;
  for (const read of reads) {
    const exact = derived.get(read.relation.oid);
    if (exact !== undefined && read.via === null && exact.subjects !== undefined) continue;
    const fact = peopleUnknown(prep, read);
    if (fact === null) continue;
    complete = false;
    unknowns.push(fact);
  }
  return {
    of: (read) => {
      if (read.noRows) return noRows;
      return (read.via === null ? derived.get(read.relation.oid) : undefined) ?? fetched(prep, read, counted);
    },
    people: complete ? peopleOf(summary) : null,
    unknowns,
  };
}

const NOBODY: ReadPeople = { total: 0, digest: null, list: [] };

const peopleOf = (summary: Summary | null): ReadPeople =>
  summary === null
    ? NOBODY
    : { total: summary.people, digest: summary.digest, list: summary.people === 0 ? [] : summary.list };

const noRows: ReadCount = { count: 0, provenance: 'measured' };

const onlyPlanned: CountedReads = {
  of: () => ({ count: 0, provenance: 'measured', note: 'only planned: no row is read' }),
  people: NOBODY,
  unknowns: [],
};

/** A relation named twice (a self-join, a subselect) has rows the companion does not see under one alias. */
function isUsedElsewhere(prep: Preparation, oid: number, companion: Companion): boolean {
  const mentions = prep.gate.reads.filter((named) => {
    const relation = prep.index.get(oid);
    return relation?.name === named.name && (named.schema === null || named.schema === relation.schema);
  });
  return mentions.length > 1 || companion.sources.filter(({ relation }) => relation.oid === oid).length > 1;
}

async function ask(session: Session, companion: Companion, prep: Preparation): Promise<Summary | null> {
  await session.fixed('SAVEPOINT holdpoint_companion');
  try {
    return await session.json<Summary>(companion.sql, prep.params);
  } catch (error) {
    if (!isDatabaseError(error)) throw error;
    await session.fixed('ROLLBACK TO SAVEPOINT holdpoint_companion');
    return null;
  }
}

function fetched(prep: Preparation, read: ReadRelation, counted: Counted): ReadCount {
  const below = (oid: number): boolean =>
    oid === read.relation.oid ||
    (prep.index.get(oid)?.ancestors?.some((a) => a.oid === read.relation.oid) ?? false);
  const rows = counted.scanned.filter(({ oid }) => below(oid));
  const subjects = subjectPathOf(prep.paths, read.relation) === null ? {} : { subjects: null };
  if (rows.length === 0) return { count: null, provenance: 'unknown', ...subjects };
  const count = rows.reduce((sum, row) => sum + row.rows, 0);
  return {
    count,
    provenance: 'estimated',
    ...subjects,
    note: 'rows fetched to compute the result: at most these',
  };
}

function peopleUnknown(prep: Preparation, read: ReadRelation): UnknownFact | null {
  const { relation } = read;
  if (relation.kind === 'v' || read.noRows) return null;
  const declared = subjectPathOf(prep.paths, relation) !== null;
  if (!declared && !concernsPeople(classesOf(prep.target.classifications, relation, read.columns)))
    return null;
  return {
    code: 'subjects_unknown',
    resource: relationName(relation),
    message: declared
      ? `Whose rows of ${relationName(relation)} are read could not be derived from the shape of the statement.`
      : `${relationName(relation)} holds data about people, but the target does not say which column identifies them. Add it to the target's subjects.`,
  };
}
