import { allOf } from './all-of';
import type { Answer } from './answer';
import type { Watched } from './capped-answer';
import { StatementsReplaced } from './left-prepared';
import { refusalWords } from './refusal-words';
import { AnswerTooLarge, ConnectionLost, isDatabaseError, type Session } from './session';

/** How a statement is held in check while it runs. Milliseconds. */
export type Limits = { statementMs: number; lockMs: number };

/** Rows changed per relation, as PostgreSQL counted them in this transaction, with its size now, and every relation it locked. */
export type Counted = {
  xid: string | null;
  counts: { oid: number; inserted: number; updated: number; deleted: number; pages: number }[];
  /** Rows fetched from each relation while it ran: at least as many as contributed. */
  scanned: { oid: number; rows: number }[];
  locks: { oid: number; mode: string; kind: string; name: string }[];
};

/**
 * Opens the transaction a statement is measured in. A read gets READ ONLY and a first query, without which
 * `SET TRANSACTION READ WRITE` would still be possible; a write exports its snapshot so that a second session sees what it saw.
 */
export async function beginMeasured(
  session: Session,
  readOnly: boolean,
  limits: Limits,
): Promise<string | null> {
  const statementMs = Math.max(1, Math.floor(limits.statementMs));
  const whole =
    session.identity.serverVersion >= 170_000
      ? `SET LOCAL transaction_timeout = ${statementMs + 30_000};`
      : '';
  session.ahead(
    `BEGIN ISOLATION LEVEL REPEATABLE READ${readOnly ? ' READ ONLY' : ''}; SELECT 1;
     SET LOCAL statement_timeout = ${statementMs}; SET LOCAL lock_timeout = ${Math.floor(limits.lockMs)};
     SET LOCAL idle_in_transaction_session_timeout = ${statementMs + 30_000}; ${whole}`,
  );
  if (readOnly) return null;
  const answer = await session.run('SELECT pg_catalog.pg_export_snapshot()');
  return answer.rows[0]?.[0] ?? null;
}

/**
 * Runs the bytes and reads what they did. Deferred constraints are made to speak before anything is counted. The session of a write is
 * fresh or settled, so its counters started at zero: `pg_stat_xact_*` would otherwise include earlier work that was not reported yet.
 */
export async function runCounted(
  session: Session,
  statement: string,
  params: readonly unknown[],
  options: { keepRows: number; writes: boolean; answers: boolean; watched: Watched | null },
): Promise<{ answer: Answer; counted: Counted }> {
  const running = options.answers
    ? await session.runCapped(statement, params, options.keepRows, options.watched)
    : session.run(statement, params);
  session.ahead(
    options.writes
      ? `SET CONSTRAINTS ALL IMMEDIATE; ${session.pathAgain}; SAVEPOINT holdpoint_measuring`
      : session.pathAgain,
  );
  const [answer, counted] = await allOf(running, readCounted(session));
  // A READ ONLY transaction changes nothing; what its session counted before is its own analysis, rolled back.
  return { answer, counted: options.writes ? counted : { ...counted, counts: [] } };
}

/** What the session has counted and not handed in yet: of its transaction, where it handed in all before. */
export async function readCounted(session: Session): Promise<Counted> {
  const counted = await session.json<Nullable<Counted>>(COUNTED, [], 'holdpoint_counted');
  return {
    xid: counted.xid,
    counts: counted.counts ?? [],
    scanned: counted.scanned ?? [],
    locks: counted.locks ?? [],
  };
}

type Nullable<T> = { [K in keyof T]: T[K] | null };

const COUNTED = `
WITH l AS MATERIALIZED (
  SELECT relation, mode FROM pg_catalog.pg_locks
  WHERE pid = pg_catalog.pg_backend_pid() AND locktype = 'relation' AND granted
    AND database = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database())
), t AS MATERIALIZED (
  SELECT c.oid, pg_catalog.pg_stat_get_xact_tuples_inserted(c.oid) AS i, pg_catalog.pg_stat_get_xact_tuples_updated(c.oid) AS u,
    pg_catalog.pg_stat_get_xact_tuples_deleted(c.oid) AS d
  FROM pg_catalog.pg_class c WHERE c.relkind IN ('r', 'm') AND c.relpersistence <> 't'
    AND (c.oid < 16384 OR c.oid IN (SELECT relation FROM l))
)
SELECT pg_catalog.json_build_object(
  'xid', pg_catalog.pg_current_xact_id_if_assigned()::text,
  'counts', (SELECT pg_catalog.json_agg(pg_catalog.json_build_object('oid', oid::int8, 'inserted', i, 'updated', u, 'deleted', d,
      'pages', pg_catalog.pg_relation_size(oid) / pg_catalog.current_setting('block_size')::int8))
    FROM t WHERE i + u + d > 0),
  'scanned', (SELECT pg_catalog.json_agg(pg_catalog.json_build_object('oid', l.relation::int8, 'rows',
      pg_catalog.pg_stat_get_xact_tuples_returned(l.relation) + COALESCE((SELECT pg_catalog.sum(GREATEST(
        pg_catalog.pg_stat_get_xact_tuples_fetched(x.indexrelid), pg_catalog.pg_stat_get_xact_tuples_returned(x.indexrelid)))
        FROM pg_catalog.pg_index x WHERE x.indrelid = l.relation), 0)))
    FROM (SELECT DISTINCT l.relation FROM l JOIN pg_catalog.pg_class c ON c.oid = l.relation WHERE c.relkind IN ('r', 'm')) l),
  'locks', (SELECT pg_catalog.json_agg(DISTINCT pg_catalog.jsonb_build_object('oid', l.relation::int8, 'mode', l.mode, 'kind', c.relkind,
      'name', n.nspname || '.' || c.relname))
    FROM l JOIN pg_catalog.pg_class c ON c.oid = l.relation
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'v', 'm', 'p', 'f', 'S') AND c.oid >= 16384)
)::text`;

export type RunFailure = {
  code: 'timeout' | 'lock_busy' | 'rehearsal_failed' | 'target_unreachable';
  /** Holds no value of a row. */
  message: string;
  /** The database's own words, which may. */
  quoted?: string;
  sqlState: string;
};

/** The database's words, closed so that a sentence can follow. */
const sentence = (words: string): string => (/[.!?]$/.test(words) ? words : `${words}.`);

/** What a failed run means. The database's own words are for reviewers who may see all the statement touches (P7, P10). */
export function describeFailure(error: unknown): RunFailure {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof AnswerTooLarge) {
    const message = `The answer of the database is too large to look at: ${error.message}`;
    return { code: 'rehearsal_failed', message, sqlState: '54000' };
  }
  if (error instanceof ConnectionLost) {
    return {
      code: 'target_unreachable',
      message: `The connection to the database was lost: ${sentence(message)}`,
      sqlState: '08006',
    };
  }
  if (error instanceof StatementsReplaced) return { code: 'rehearsal_failed', message, sqlState: '26000' };
  if (!isDatabaseError(error)) throw error;
  const sqlState = error.code ?? 'XX000';
  if (sqlState === '57014')
    return {
      code: 'timeout',
      message: 'The statement took longer than the time it was given and was stopped.',
      sqlState,
    };
  if (sqlState === '55P03') {
    return {
      code: 'lock_busy',
      message:
        'Another transaction holds locks on rows or tables it needs, and it did not wait for them to be free.',
      sqlState,
    };
  }
  const quoted = `The database refused the statement: ${sentence(message)}`;
  // Says no more than which object the role may not use.
  if (sqlState === '42501') return { code: 'rehearsal_failed', message: quoted, sqlState };
  return { code: 'rehearsal_failed', message: refusalWords(sqlState), quoted, sqlState };
}
