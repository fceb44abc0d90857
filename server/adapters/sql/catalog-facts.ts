import { scanSync } from 'libpg-query';
import { FACTS_FOR_READING, FACTS_FOR_WRITING } from './catalog-queries';
import type { Session } from './session';

export type ColumnFacts = {
  number: number;
  name: string;
  type: string;
  typeOid: number;
  generated: string;
  default: string | null;
};
export type RelationFacts = {
  oid: number;
  schema: string;
  name: string;
  kind: 'r' | 'v' | 'm' | 'p' | 'f';
  written: boolean;
  rls: boolean;
  parents: number[] | null;
  isPartition: boolean;
  /** Partition parents, nearest first. */
  ancestors: { oid: number; name: string }[] | null;
  readable: boolean;
  server: string | null;
  view: string | null;
  columns: ColumnFacts[] | null;
  key: string[] | null;
};
export type TriggerFacts = {
  relation: number;
  name: string;
  enabled: string;
  type: number;
  function: number;
  definition: string;
};
export type RuleFacts = {
  relation: number;
  name: string;
  event: string;
  definition: string;
  relations: number[] | null;
};
export type ForeignKeyFacts = {
  name: string;
  child: number;
  parent: number;
  onDelete: string;
  onUpdate: string;
  columns: string[];
  parentColumns: string[];
  indexed: boolean;
};
export type FunctionFacts = {
  oid: number;
  schema: string;
  name: string;
  signature: string;
  kind: string;
  language: string;
  trusted: boolean;
  volatility: 'i' | 's' | 'v';
  securityDefiner: boolean;
  ownerSuperuser: boolean | null;
  source: string | null;
  body: string | null;
  extension: string | null;
};
/** What the catalog attaches to the relations and functions a statement reaches. */
export type CatalogFacts = {
  relations: RelationFacts[];
  sequences: { relation: number; column: string; sequence: string }[];
  viewColumns: { view: number; relation: number; column: number }[];
  triggers: TriggerFacts[];
  rules: RuleFacts[];
  policies: { relation: number; name: string }[];
  foreignKeys: ForeignKeyFacts[];
  functions: FunctionFacts[];
};

/** Relations by their number, or by their name as `regclass` takes it; functions by their number. */
export type Seeds<Relation = number> = {
  reads: readonly Relation[];
  writes: readonly Relation[];
  /** Those of the written ones that may lose rows. */
  deletes: readonly Relation[];
  functions: readonly number[];
};

/**
 * Reads all facts about what is reachable from the seeds. Bodies of procedural functions are opaque to the catalog: functions they
 * may call are found by the names in them, so that a body changed two calls deep still changes the definitions digest.
 */
export async function readCatalogFacts(
  session: Session,
  seeds: Seeds<number | string>,
): Promise<CatalogFacts> {
  const functions = new Set(seeds.functions);
  for (let round = 0; ; round++) {
    const facts = await readOnce(session, { ...seeds, functions: [...functions] });
    const words = wordsOfBodies(facts.functions);
    if (words.length === 0 || round === 4) return facts;
    const called = await session.json<number[] | null>(
      CALLED_BY_NAME,
      [words, facts.functions.map((f) => f.oid)],
      'holdpoint_called',
    );
    if (called === null) return facts;
    for (const oid of called) functions.add(oid);
    for (const { oid } of facts.functions) functions.add(oid);
  }
}

/** Without what bodies of functions may call. All of it is sent before it waits for anything. */
export const readFactsAhead = (session: Session, seeds: Seeds<number | string>): Promise<CatalogFacts> =>
  session.genericallyAhead(() => readOnce(session, seeds));

export const NO_SEEDS: Seeds = { reads: [], writes: [], deletes: [], functions: [] };

const CALLED_BY_NAME = `
SELECT pg_catalog.json_agg(p.oid::int8)::text FROM pg_catalog.pg_proc p
WHERE p.oid >= 16384 AND p.proname = ANY($1::text[]) AND NOT p.oid = ANY($2::oid[])
  AND p.prorettype NOT IN ('pg_catalog.trigger'::pg_catalog.regtype, 'pg_catalog.event_trigger'::pg_catalog.regtype)`;

const WRITING = [FACTS_FOR_WRITING, 'holdpoint_facts_of_writing'] as const;
const READING = [FACTS_FOR_READING, 'holdpoint_facts_of_reading'] as const;

/** Has the server plan the questions about the catalog, and read what it knows of these into its caches, which it keeps true by itself. */
export async function warmCatalogQueries(session: Session, usual: Seeds): Promise<void> {
  const { reads, writes, functions } = usual;
  for (const [query, name] of [READING, WRITING])
    await session.json(query, [reads, writes, functions, writes], name);
  await session.json(CALLED_BY_NAME, [[], []], 'holdpoint_called');
  await session.json(OPENED, [[...reads, ...writes]], 'holdpoint_opened');
}

/** Only looks at each relation as any statement on it would. */
const OPENED =
  'SELECT pg_catalog.count(pg_catalog.pg_relation_is_updatable(r, false))::text FROM pg_catalog.unnest($1::oid[]) r';

/** What facts came to, as seeds. */
export const seedsOf = (facts: CatalogFacts): Seeds => ({
  reads: facts.relations.map(({ oid }) => oid),
  writes: facts.relations.filter(({ written }) => written).map(({ oid }) => oid),
  deletes: [],
  functions: facts.functions.map(({ oid }) => oid),
});

async function readOnce(session: Session, seeds: Seeds<number | string>): Promise<CatalogFacts> {
  const [query, name] = seeds.writes.length > 0 ? WRITING : READING;
  const answer = await session.json<Partial<{ [K in keyof CatalogFacts]: CatalogFacts[K] | null }>>(
    query,
    [seeds.reads, seeds.writes, seeds.functions, seeds.deletes],
    name,
  );
  return {
    relations: answer.relations ?? [],
    sequences: answer.sequences ?? [],
    viewColumns: answer.viewColumns ?? [],
    triggers: answer.triggers ?? [],
    rules: answer.rules ?? [],
    policies: answer.policies ?? [],
    foreignKeys: answer.foreignKeys ?? [],
    functions: answer.functions ?? [],
  };
}

function wordsOfBodies(functions: readonly FunctionFacts[]): string[] {
  const words = new Set<string>();
  for (const body of functions) {
    if (body.language === 'c' || body.language === 'internal') continue;
    for (const word of wordsIn(body.source ?? '')) words.add(word);
  }
  return [...words];
}

/** Lower-case words of a function body, those inside its strings too: dynamic SQL hides names there. */
export function wordsIn(source: string): ReadonlySet<string> {
  const words = new Set<string>();
  for (const match of source.matchAll(/[\p{L}_][\p{L}\p{N}_$]*/gu)) words.add(match[0].toLowerCase());
  // An escaped identifier (U&"pg\005fsleep") only shows its name once the real scanner is asked.
  if (/u&["']/i.test(source)) words.add('u&');
  return words;
}

/** Whether a procedural body builds SQL from text at run time. */
export function runsDynamicSql(source: string): boolean {
  try {
    return scanSync(source).tokens.some((token) => token.text.toLowerCase() === 'execute');
  } catch {
    return /\bexecute\b/i.test(source);
  }
}

export const relationName = (relation: { schema: string; name: string }): string =>
  `${relation.schema}.${relation.name}`;
