import { randomBytes } from 'node:crypto';
import { allOf } from './all-of';
import { RESOLVE_NAMES, STATEMENT_DEPENDENCIES } from './catalog-queries';
import type { Gate, NamedRelation } from './gate';
import { ANALYSED_STATEMENT } from './left-prepared';
import { qualified, quoteName } from './quoting';
import { isDatabaseError, type Session } from './session';

/** What the server's own analysis makes of the statement, without executing it. */
export type StaticFootprint = {
  /** Relations named, by oid, with the numbers of the columns used; null where only the names are known. */
  relations: { oid: number; columns: number[] | null }[];
  /** Relations of which a whole row is used as a value: every column of theirs is read. */
  wholeRows: ReadonlySet<number>;
  /** What each name of the statement resolves to under the pinned search path. */
  resolved: ReadonlyMap<string, number>;
  functions: number[];
  /** Volatile functions of PostgreSQL itself that the statement names. */
  volatileBuiltins: string[];
  /** Called names that are aggregates, and that return sets. */
  aggregates: string[];
  setReturning: string[];
  /** False when the role may not create temporary objects, or the server refused the analysis. */
  exact: boolean;
  /** What the server said against the statement, for reviewers. */
  problem: string | null;
  parameterTypes: string[];
};

/** Analyses the statement in a transaction that is rolled back. Nothing of it is executed, planned or left behind. */
export async function analyseStatement(session: Session, gate: Gate): Promise<StaticFootprint> {
  const name = `holdpoint_${randomBytes(6).toString('hex')}`;
  const first = await inRolledBackTransaction(session, () => analyseOnce(session, gate, name));
  if (gate.paramCount > 0) await forgetStatement(session);
  if (first.ok) return first.value;
  const plain = await inRolledBackTransaction(session, () => resolveOnly(session, gate));
  if (!plain.ok) throw plain.error;
  return { ...plain.value, problem: session.identity.canCreateTemp ? first.error.message : null };
}

type Attempt<T> = { ok: true; value: T } | { ok: false; error: Error };

async function inRolledBackTransaction<T>(session: Session, work: () => Promise<T>): Promise<Attempt<T>> {
  session.ahead(
    "BEGIN; SET LOCAL statement_timeout = '5s'; SET LOCAL lock_timeout = '200ms'; SET LOCAL plan_cache_mode = force_generic_plan",
  );
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    if (!isDatabaseError(error)) throw error;
    return { ok: false, error };
  } finally {
    session.ahead('ROLLBACK');
  }
}

/** A rollback keeps what was prepared. */
async function forgetStatement(session: Session): Promise<void> {
  try {
    await session.fixed(`DEALLOCATE ${ANALYSED_STATEMENT}`);
  } catch (error) {
    // The server did not take the statement, so there is nothing to forget.
    if (!isDatabaseError(error)) throw error;
  }
}

/** Has the server plan the questions about a statement. */
export async function warmAnalysis(session: Session): Promise<void> {
  await session.json(RESOLVE_NAMES, [[], [], ANALYSED_STATEMENT], RESOLVE);
  await session.json(STATEMENT_DEPENDENCIES, [''], DEPENDENCIES);
}
const RESOLVE = 'holdpoint_resolve';
const DEPENDENCIES = 'holdpoint_dependencies';

async function analyseOnce(session: Session, gate: Gate, name: string): Promise<StaticFootprint> {
  if (gate.body === null || !session.identity.canCreateTemp) return resolveOnly(session, gate);
  if (gate.paramCount > 0) await session.define(`PREPARE ${ANALYSED_STATEMENT} AS ${gate.body.text}`);
  const resolving = resolve(session, gate);
  // Only the server knows the types of parameters.
  const types = gate.paramCount > 0 ? ((await resolving).parameterTypes ?? []).join(', ') : '';
  const [resolved, , found] = await allOf(
    resolving,
    // A line of its own: the statement may end in a comment.
    session.define(
      `CREATE FUNCTION pg_temp.${quoteName(name)}(${types}) RETURNS void LANGUAGE sql BEGIN ATOMIC ${gate.body.text}\n; END`,
    ),
    session.json<{
      relations: { oid: number; columns: number[] | null }[] | null;
      wholeRows: number[] | null;
      functions: number[] | null;
    }>(STATEMENT_DEPENDENCIES, [name], DEPENDENCIES),
  );
  return {
    ...known(resolved),
    relations: (found.relations ?? []).map(({ oid, columns }) => ({ oid, columns: columns ?? [] })),
    wholeRows: new Set(found.wholeRows ?? []),
    functions: found.functions ?? [],
    exact: true,
  };
}

type Resolved = {
  relations: { name: string; oid: number }[] | null;
  volatileBuiltins: string[] | null;
  aggregates: string[] | null;
  setReturning: string[] | null;
  userFunctions: number[] | null;
  parameterTypes: string[] | null;
};

const resolve = (session: Session, gate: Gate): Promise<Resolved> =>
  session.json<Resolved>(
    RESOLVE_NAMES,
    [[...gate.reads, ...gate.targets].map(nameInSql), gate.functions.map((f) => f.name), ANALYSED_STATEMENT],
    RESOLVE,
  );

/** The fallback: names resolved like the search path does, columns left to the names in the text. */
async function resolveOnly(session: Session, gate: Gate): Promise<StaticFootprint> {
  const resolved = await resolve(session, gate);
  const oids = new Set((resolved.relations ?? []).map(({ oid }) => oid));
  return {
    ...known(resolved),
    relations: [...oids].map((oid) => ({ oid, columns: null })),
    wholeRows: new Set(),
    functions: resolved.userFunctions ?? [],
    exact: false,
  };
}

function known(resolved: Resolved) {
  return {
    resolved: new Map((resolved.relations ?? []).map(({ name, oid }) => [name, oid])),
    volatileBuiltins: resolved.volatileBuiltins ?? [],
    aggregates: resolved.aggregates ?? [],
    setReturning: resolved.setReturning ?? [],
    parameterTypes: resolved.parameterTypes ?? [],
    problem: null,
  };
}

/** A name as `to_regclass` takes it. */
export const nameInSql = (relation: NamedRelation): string =>
  relation.schema === null ? quoteName(relation.name) : qualified(relation.schema, relation.name);
