import { createHash } from 'node:crypto';
import type { UnknownFact } from '@/server/domain/footprint';
import type { Answer } from './answer';
import { relationName } from './catalog-facts';
import { classesOf } from './classes';
import { buildCompanion, type CompanionPart } from './companion';
import { type Summary, summaryQuery, usesOf } from './companion-summary';
import type { Preparation } from './preparation';
import type { ReadCount, ReadRelation } from './read-items';
import { DEFINITION_ONLY } from './reads-inside-functions';
import type { Counted } from './rehearsal';
import { showsItsRows } from './restatements';
import { shareSnapshot } from './row-places';
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

/** Whom to ask: what a write has changed meanwhile must not be seen, so it is asked in another session at the statement's snapshot. */
export type Asked = { main: Session; observer: Session; snapshot: string | null };

/**
 * How many rows of each relation went into the answer, and whose. `measured` only where rows could be told apart; elsewhere the rows
 * PostgreSQL fetched are an upper bound and said to be `estimated`.
 */
export async function countReads(
  asked: Asked,
  prep: Preparation,
  reads: readonly ReadRelation[],
  ran: { counted: Counted; answer: Answer; plan: CompanionPart[] },
): Promise<CountedReads> {
  if (prep.gate.shape === 'explain') return onlyPlanned;
  const found = fromAnswer(ran.plan, ran.answer) ?? (await ask(asked, prep, ran.plan));
  const derived = found === null ? new Map<number, ReadCount>() : countsOf(prep, found.parts, found.summary);
  const unknowns: UnknownFact[] = [];
  let complete = true;
  for (const read of reads) {
    const exact = derived.get(read.relation.oid);
    if (exact !== undefined && read.via === null && exact.subjects !== undefined) continue;
    if (isBehindTold(read, reads, derived)) continue;
    const fact = peopleUnknown(prep, read);
    if (fact === null) continue;
    complete = false;
    unknowns.push(fact);
  }
  return {
    of: (read) => {
      if (read.via === DEFINITION_ONLY) return { count: 0, provenance: 'measured' };
      return (
        (read.via === null ? derived.get(read.relation.oid) : undefined) ?? fetched(prep, read, ran.counted)
      );
    },
    people: complete ? peopleOf(found?.summary ?? null) : null,
    unknowns,
  };
}

/** Whoever declared how rows of a view lead to people has said so for the tables behind it, as far as the view shows them. */
const isBehindTold = (
  { via }: ReadRelation,
  reads: readonly ReadRelation[],
  derived: ReadonlyMap<number, ReadCount>,
): boolean =>
  reads.some(
    ({ relation }) =>
      relation.kind === 'v' &&
      via === `view ${relationName(relation)}` &&
      showsItsRows(relation) &&
      derived.get(relation.oid)?.subjects !== undefined,
  );

/** How the reads of a statement will be counted; known before it runs. */
export const planCounting = (prep: Preparation): CompanionPart[] =>
  prep.gate.shape === 'explain'
    ? []
    : buildCompanion(prep, {
        aggregates: new Set(prep.found.aggregates),
        sets: new Set(prep.found.setReturning),
      });

/** Types whose printed value is the same wherever it is printed, and different for different values. */
const PLAIN_TYPES: ReadonlySet<number> = new Set([20, 21, 23, 25, 1043, 2950]);

/**
 * The column by which the rows of a plain SELECT from one table say themselves whom they are about (`oid`, `number`); `null` as a number when
 * they are about nobody. Undefined where the answer alone does not tell: then the rows are asked once more.
 */
export function tellingColumn(
  plan: readonly CompanionPart[],
): { oid: number; number: number | null } | undefined {
  const [part, ...more] = plan;
  const [source] = part?.sources ?? [];
  if (part === undefined || source === undefined || more.length > 0) return undefined;
  if (!part.outermost || !part.single || part.counts !== 'rows') return undefined;
  const { relation, subject } = source;
  if (subject === null) return { oid: relation.oid, number: null };
  const column = relation.columns?.find(({ name }) => name === subject.column);
  return subject.direct && column !== undefined && PLAIN_TYPES.has(column.typeOid)
    ? { oid: relation.oid, number: column.number }
    : undefined;
}

type Told = { parts: readonly CompanionPart[]; summary: Summary };

function fromAnswer(plan: CompanionPart[], answer: Answer): Told | null {
  const telling = tellingColumn(plan);
  const subject = plan[0]?.sources[0]?.subject;
  if (telling === undefined) return null;
  if (telling.number !== null && answer.distinct === null) return null;
  const people =
    telling.number === null || subject == null
      ? []
      : [...(answer.distinct ?? [])].map((id) => `${subject.domain} ${id}`).sort();
  return {
    parts: plan,
    summary: {
      relations: [
        { oid: telling.oid, rows: answer.rowCount, people: telling.number === null ? null : people.length },
      ],
      people: people.length,
      digest: people.length === 0 ? null : createHash('sha256').update(people.join('\n')).digest('hex'),
      list: people,
    },
  };
}

function countsOf(
  prep: Preparation,
  parts: readonly CompanionPart[],
  summary: Summary,
): Map<number, ReadCount> {
  const derived = new Map<number, ReadCount>();
  const uses = usesOf(parts);
  for (const { oid, rows, people } of summary.relations) {
    const used = uses.get(oid) ?? [];
    if (isUsedElsewhere(prep, oid, used.length)) continue;
    if (used.length > 1 && prep.index.get(oid)?.kind === 'v') continue;
    const at = used.flatMap((use) => parts[use.part] ?? []);
    derived.set(oid, {
      count: rows,
      provenance: at.every(({ exact }) => exact) ? 'measured' : 'estimated',
      ...(people === null ? {} : { subjects: people }),
      ...(at.some(({ counts }) => counts === 'feeding') ? { note: 'rows the result was computed from' } : {}),
    });
  }
  return derived;
}

const NOBODY: ReadPeople = { total: 0, digest: null, list: [] };

const peopleOf = (summary: Summary | null): ReadPeople =>
  summary === null
    ? NOBODY
    : { total: summary.people, digest: summary.digest, list: summary.people === 0 ? [] : summary.list };

const onlyPlanned: CountedReads = {
  of: () => ({ count: 0, provenance: 'measured', note: 'only planned: no row is read' }),
  people: NOBODY,
  unknowns: [],
};

/** A relation named once more than the companion looks at it (in a correlated subselect, say) has rows that nobody counted. */
function isUsedElsewhere(prep: Preparation, oid: number, covered: number): boolean {
  const relation = prep.index.get(oid);
  const mentions = prep.gate.reads.filter(
    (named) => relation?.name === named.name && (named.schema === null || named.schema === relation.schema),
  );
  return mentions.length > covered;
}

/** All parts at once; if the database does not take one of them by itself, the outermost alone. */
async function ask(asked: Asked, prep: Preparation, plan: readonly CompanionPart[]): Promise<Told | null> {
  const outermost = plan.filter((part) => part.outermost);
  for (const parts of outermost.length === plan.length ? [plan] : [plan, outermost]) {
    const summary = parts.length === 0 ? null : await askOnce(asked, prep, parts);
    if (summary !== null) return { parts, summary };
  }
  return null;
}

async function askOnce(
  { main, observer, snapshot }: Asked,
  prep: Preparation,
  parts: readonly CompanionPart[],
): Promise<Summary | null> {
  const apart = snapshot !== null && prep.gate.targets.length > 0;
  const session = apart ? observer : main;
  if (apart) shareSnapshot(observer, snapshot);
  else main.ahead('SAVEPOINT holdpoint_companion');
  try {
    return await session.json<Summary>(summaryQuery(parts, prep.found.parameterTypes), prep.params);
  } catch (error) {
    if (!isDatabaseError(error)) throw error;
    if (!apart) await main.fixed('ROLLBACK TO SAVEPOINT holdpoint_companion');
    return null;
  } finally {
    if (apart) observer.ahead('ROLLBACK');
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
  if (relation.kind === 'v' || read.via === DEFINITION_ONLY) return null;
  const declared = subjectPathOf(prep.paths, relation) !== null;
  if (!declared && !concernsPeople(classesOf(prep.target.classifications, relation, read.columns)))
    return null;
  return {
    code: 'subjects_unknown',
    resource: relationName(relation),
    message: declared
      ? `How many people the rows of ${relationName(relation)} are about could not be counted: the statement does not show which of its rows it uses. Expect any of them, or ask for a simpler statement.`
      : `${relationName(relation)} holds data about people, but the target does not say which column identifies them. Add it to the target's subjects.`,
  };
}
