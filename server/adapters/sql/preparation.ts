import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { PostgresTarget } from '@/server/domain/catalog';
import type { UnknownFact } from '@/server/domain/footprint';
import type { PlannedCall } from '@/server/domain/ports';
import { allOf } from './all-of';
import { type Assessment, assess } from './assessment';
import {
  type CatalogFacts,
  NO_SEEDS,
  type RelationFacts,
  readCatalogFacts,
  readFactsAhead,
  relationName,
  type Seeds,
} from './catalog-facts';
import type { Gate, NamedRelation } from './gate';
import type { RelationIndex } from './paths-of-effect';
import { isDatabaseError, type Session } from './session';
import { postgresTarget } from './sql-call';
import { analyseStatement, nameInSql, type StaticFootprint } from './static-footprint';
import { readSubjectPaths, type SubjectPaths } from './subjects';
import type { WriteTarget } from './write-targets';

/** Everything known about a statement before it runs. */
export type Preparation = {
  call: PlannedCall;
  target: PostgresTarget;
  gate: Gate;
  params: readonly unknown[];
  found: StaticFootprint;
  facts: CatalogFacts;
  index: RelationIndex;
  paths: SubjectPaths;
  assessment: Assessment;
  /** Digest over all of it that could make the same text do something else. */
  definitions: string;
  role: string;
};

/** Analyses the statement in one session of the target's role and asks the catalog in another, which may be the same; changes nothing. */
export async function prepare(
  { analyst, session }: { analyst: Session; session: Session },
  call: PlannedCall,
  target: PostgresTarget,
  gate: Gate,
  params: readonly unknown[],
): Promise<Preparation> {
  const analysed = analyst === session ? await analyseStatement(session, gate) : null;
  const [, found, { paths, guess }] = await allOf(
    session.renewed,
    analysed ?? analyseStatement(analyst, gate),
    session.generically(async () => {
      const [paths, guess] = await allOf(
        readSubjectPaths(session, target.subjects),
        analysed === null ? guessFacts(session, gate) : null,
      );
      return { paths, guess };
    }),
  );
  const seeds = seedsOf(gate, found);
  const read = gate.shape === 'truncate' ? truncationFacts : readCatalogFacts;
  const facts =
    guess !== null && isAbout(guess, gate, found, seeds)
      ? guess
      : await session.generically(() => read(session, seeds));
  return {
    call,
    target,
    gate,
    params,
    found,
    facts,
    index: indexOf(facts.relations),
    paths,
    assessment: assess(gate, found, facts, session.identity),
    definitions: definitionsDigest(session, call, gate, params, found, facts),
    role: session.identity.role,
  };
}

function seedsOf(gate: Gate, found: StaticFootprint): Seeds {
  const oidsOf = (targets: readonly WriteTarget[]) =>
    targets.flatMap((target) => found.resolved.get(nameInSql(target)) ?? []);
  const named = [...found.resolved.values()];
  // Data definition may touch anything attached to what it names.
  const all = gate.shape === 'define' || gate.shape === 'truncate';
  return {
    reads: [...new Set([...found.relations.map(({ oid }) => oid), ...named])],
    writes: all ? named : oidsOf(gate.targets),
    deletes: all ? named : oidsOf(gate.targets.filter(mayDelete)),
    functions: found.functions,
  };
}

/** The facts about what the text names, asked for while the server analyses it: mostly it comes to nothing else. */
async function guessFacts(session: Session, gate: Gate): Promise<CatalogFacts | null> {
  if (!['read', 'write', 'lock', 'explain'].includes(gate.shape)) return null;
  try {
    return await readCatalogFacts(session, namedIn(gate));
  } catch (error) {
    // A name that stands for nothing; the analysis says so.
    if (!isDatabaseError(error)) throw error;
    return null;
  }
}

const mayDelete = ({ operations }: WriteTarget): boolean => operations.includes('delete');

function namedIn(gate: Gate): Seeds<string> {
  const isTable = ({ schema, name }: NamedRelation): boolean => schema !== null || !gate.cteNames.has(name);
  const writes = gate.targets.map(nameInSql);
  return {
    reads: [...gate.reads.filter(isTable).map(nameInSql), ...writes],
    writes,
    deletes: gate.targets.filter(mayDelete).map(nameInSql),
    functions: [],
  };
}

/** Whether a guess was about exactly what the analysis then found. */
function isAbout(guess: CatalogFacts, gate: Gate, found: StaticFootprint, seeds: Seeds): boolean {
  const named = namedIn(gate);
  const numbers = (names: readonly string[]) => names.map((name) => found.resolved.get(name));
  const known = new Set<number | undefined>(guess.relations.map(({ oid }) => oid));
  const same = (names: readonly string[], oids: readonly number[]): boolean =>
    isDeepStrictEqual(new Set(numbers(names)), new Set(oids));
  return (
    seeds.functions.length === 0 &&
    same(named.reads, seeds.reads) &&
    same(named.writes, seeds.writes) &&
    same(named.deletes, seeds.deletes) &&
    seeds.reads.every((oid) => known.has(oid))
  );
}

/** TRUNCATE … CASCADE follows every foreign key, also those that would stop a DELETE. */
async function truncationFacts(session: Session, seeds: Seeds): Promise<CatalogFacts> {
  const writes = new Set(seeds.writes);
  for (;;) {
    const facts = await readCatalogFacts(session, { ...seeds, writes: [...writes], deletes: [...writes] });
    const size = writes.size;
    for (const { child } of facts.foreignKeys) writes.add(child);
    if (writes.size === size) return facts;
  }
}

/** Takes in relations the run was seen to write though neither text nor catalog names them, with what is attached to them. */
export async function withWritten(
  session: Session,
  prep: Preparation,
  seen: readonly number[],
  guess: CatalogFacts | null,
): Promise<Preparation> {
  const writes = seen.filter((oid) => prep.index.get(oid)?.written !== true);
  if (writes.length === 0) return prep;
  const more =
    guess !== null && isAboutWrites(guess, writes)
      ? guess
      : await session.generically(() => readCatalogFacts(session, { ...NO_SEEDS, writes }));
  const facts = merge(prep.facts, more);
  return {
    ...prep,
    facts,
    index: indexOf(facts.relations),
    definitions: definitionsDigest(session, prep.call, prep.gate, prep.params, prep.found, facts),
  };
}

/** A guess that came to functions did not look for what those may call. */
const isAboutWrites = (guess: CatalogFacts, writes: readonly number[]): boolean =>
  guess.functions.length === 0 &&
  isDeepStrictEqual(new Set(guess.relations.map(({ oid }) => oid)), new Set(writes));

/**
 * Relations the run was seen to read though neither text nor catalog names them. They do not join the definitions, since plans choose them
 * (partitions). Asked at once and to the end: other questions may follow before it is answered.
 */
export async function describeRead(
  session: Session,
  prep: Preparation,
  seen: readonly number[],
): Promise<readonly RelationFacts[]> {
  const reads = seen.filter((oid) => !prep.index.has(oid));
  return reads.length === 0 ? [] : (await readFactsAhead(session, { ...NO_SEEDS, reads })).relations;
}

export const withDescribed = (prep: Preparation, described: readonly RelationFacts[]): Preparation =>
  described.length === 0 ? prep : { ...prep, index: indexOf([...described, ...prep.index.values()]) };

const indexOf = (relations: Iterable<RelationFacts>): RelationIndex =>
  new Map([...relations].map((relation) => [relation.oid, relation]));

function merge(a: CatalogFacts, b: CatalogFacts): CatalogFacts {
  const union = <T>(left: T[], right: T[]): T[] => [
    ...new Map([...left, ...right].map((item) => [JSON.stringify(item), item])).values(),
  ];
  const relations = new Map<number, RelationFacts>(a.relations.map((r) => [r.oid, r]));
  for (const r of b.relations) relations.set(r.oid, r);
  return {
    relations: [...relations.values()].sort((x, y) => x.oid - y.oid),
    sequences: union(a.sequences, b.sequences),
    viewColumns: union(a.viewColumns, b.viewColumns),
    triggers: union(a.triggers, b.triggers),
    rules: union(a.rules, b.rules),
    policies: union(a.policies, b.policies),
    foreignKeys: union(a.foreignKeys, b.foreignKeys),
    functions: union(a.functions, b.functions),
  };
}

function definitionsDigest(
  session: Session,
  call: PlannedCall,
  gate: Gate,
  params: readonly unknown[],
  found: StaticFootprint,
  facts: CatalogFacts,
): string {
  const sorted = (items: readonly unknown[]): string[] => items.map((item) => JSON.stringify(item)).sort();
  const parts = {
    tool: call.tool.definitionHash,
    statement: gate.statement,
    params,
    role: session.identity.attributes,
    searchPath: postgresTarget(call)?.searchPath ?? [],
    relations: sorted(found.relations),
    resolved: sorted([...found.resolved]),
    functions: sorted(found.functions),
    exact: found.exact,
    facts: Object.fromEntries(Object.entries(facts).map(([name, items]) => [name, sorted(items)])),
  };
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/** Relations with columns that nobody classified: they count as sensitive, and reviewers are told which. */
export function unclassifiedColumns(
  items: readonly { resource: string; classes?: string[] | undefined; columns?: string[] | undefined }[],
  prep: Preparation,
  classOf: (relation: RelationFacts, column: string) => string | null,
): UnknownFact[] {
  const facts: UnknownFact[] = [];
  for (const resource of new Set(
    items.filter((i) => i.classes?.includes('unclassified')).map((i) => i.resource),
  )) {
    const relation = [...prep.index.values()].find((r) => relationName(r) === resource);
    const columns = new Set(items.filter((i) => i.resource === resource).flatMap((i) => i.columns ?? []));
    const open = [...columns].filter(
      (column) => relation === undefined || classOf(relation, column) === null,
    );
    facts.push({
      code: 'unclassified_columns',
      resource,
      message: `Nobody has classified ${resource}.${open.slice(0, 8).join(`, ${resource}.`)}${open.length > 8 ? ` and ${open.length - 8} more` : ''}. Add them to the target's classifications.`,
    });
  }
  return facts;
}
