import { createHash } from 'node:crypto';
import type { PostgresTarget } from '@/server/domain/catalog';
import type { UnknownFact } from '@/server/domain/footprint';
import type { PlannedCall } from '@/server/domain/ports';
import { allOf } from './all-of';
import { type Assessment, assess } from './assessment';
import {
  type CatalogFacts,
  type RelationFacts,
  readCatalogFacts,
  relationName,
  type Seeds,
} from './catalog-facts';
import type { Gate } from './gate';
import type { RelationIndex } from './paths-of-effect';
import type { Session } from './session';
import { postgresTarget } from './sql-call';
import { analyseStatement, nameInSql, type StaticFootprint } from './static-footprint';
import { readSubjectPaths, type SubjectPaths } from './subjects';

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
  const { found, facts, paths } = await session.generically(async () => {
    const [found, paths] = await allOf(
      analysed ?? analyseStatement(analyst, gate),
      readSubjectPaths(session, target.subjects),
    );
    const seeds = seedsOf(gate, found);
    const read = gate.shape === 'truncate' ? truncationFacts : readCatalogFacts;
    return { found, paths, facts: await read(session, seeds) };
  });
  return {
    call,
    target,
    gate,
    params,
    found,
    facts,
    index: new Map(facts.relations.map((relation) => [relation.oid, relation])),
    paths,
    assessment: assess(gate, found, facts, session.identity),
    definitions: definitionsDigest(session, call, gate, params, found, facts),
    role: session.identity.role,
  };
}

function seedsOf(gate: Gate, found: StaticFootprint): Seeds {
  const writes = gate.targets.flatMap((named) => found.resolved.get(nameInSql(named)) ?? []);
  const named = [...found.resolved.values()];
  return {
    reads: [...new Set([...found.relations.map(({ oid }) => oid), ...named])],
    // Data definition may touch anything attached to what it names.
    writes: gate.shape === 'define' || gate.shape === 'truncate' ? named : writes,
    functions: found.functions,
  };
}

/** TRUNCATE … CASCADE follows every foreign key, also those that would stop a DELETE. */
async function truncationFacts(session: Session, seeds: Seeds): Promise<CatalogFacts> {
  const writes = new Set(seeds.writes);
  for (;;) {
    const facts = await readCatalogFacts(session, { ...seeds, writes: [...writes] });
    const size = writes.size;
    for (const { child } of facts.foreignKeys) writes.add(child);
    if (writes.size === size) return facts;
  }
}

/**
 * Takes in the relations the run was seen to touch though neither text nor catalog names them (a trigger's INSERT, a function's SELECT).
 * What is attached to the written ones joins the definitions; what was merely read does not, since plans choose it (partitions).
 */
export async function withRelations(
  session: Session,
  prep: Preparation,
  seen: { written: readonly number[]; read: readonly number[] },
): Promise<Preparation> {
  const written = seen.written.filter((oid) => prep.index.get(oid)?.written !== true);
  const read = seen.read.filter((oid) => !prep.index.has(oid) && !written.includes(oid));
  if (written.length === 0 && read.length === 0) return prep;
  const { facts, described } = await session.generically(async () => ({
    facts:
      written.length === 0
        ? prep.facts
        : merge(prep.facts, await readCatalogFacts(session, { reads: [], writes: written, functions: [] })),
    described:
      read.length === 0
        ? []
        : (await readCatalogFacts(session, { reads: read, writes: [], functions: [] })).relations,
  }));
  return {
    ...prep,
    facts,
    index: new Map([...described, ...facts.relations].map((relation) => [relation.oid, relation])),
    definitions:
      written.length === 0
        ? prep.definitions
        : definitionsDigest(session, prep.call, prep.gate, prep.params, prep.found, facts),
  };
}

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
