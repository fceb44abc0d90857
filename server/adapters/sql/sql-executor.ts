import { createHash } from 'node:crypto';
import type {
  Executor,
  Measurement,
  PlannedCall,
  RunOptions,
  RunOutcome,
  ToolResult,
} from '@/server/domain/ports';
import { stamped } from './footprints';
import { runMeasured } from './measured-run';
import { foresee, LARGEST_REHEARSAL_ROWS, measurePlanned } from './planned';
import { type Preparation, prepare } from './preparation';
import { beginMeasured, describeFailure } from './rehearsal';
import { IMAGE_CAP } from './row-search';
import { ConnectionLost, isDatabaseError, Session } from './session';
import { postgresTarget, readSqlCall, type SqlCall } from './sql-call';
import { toolResult } from './tool-result';

export type SqlExecutorOptions = {
  /** Must be the analyzer's: above it, what was approved is an estimate and nothing more is compared. */
  largestRehearsalRows?: number;
  lockTimeoutMs?: number;
};

/** Runs approved bytes once, in one transaction that commits only when what it measured inside is what was approved. */
export class SqlExecutor implements Executor {
  private readonly largestRows: number;
  private readonly lockMs: number;

  constructor(options: SqlExecutorOptions = {}) {
    this.largestRows = options.largestRehearsalRows ?? LARGEST_REHEARSAL_ROWS;
    this.lockMs = options.lockTimeoutMs ?? 5_000;
  }

  async run(call: PlannedCall, options: RunOptions): Promise<RunOutcome> {
    const startedAt = performance.now();
    const read = readSqlCall(call);
    if (!read.ok) {
      return failed('args_invalid', read.problems.map((p) => `${p.pointer}: ${p.message}`).join(' '));
    }
    const { gate, target } = read.sql;
    if (gate.forbidden !== null) return failed('forbidden', gate.forbidden.message);
    if (target === null) return failed('target_missing', 'The tool names no target.');
    const sessions: Session[] = [];
    const destroy = (): void => {
      for (const session of sessions) session.destroy();
    };
    const timer = setTimeout(destroy, options.deadlineMs + GRACE_MS);
    try {
      for (let i = 0; i < 2; i++)
        sessions.push(await Session.open(target, { timeoutMs: options.deadlineMs }));
      const [main, observer] = sessions;
      if (main === undefined || observer === undefined) return failed('08001', CANNOT_CONNECT);
      const execution = new Execution(call, read.sql, options, main, observer, startedAt);
      return await execution.run({ largestRows: this.largestRows, lockMs: this.lockMs });
    } catch (error) {
      // Nothing reaches this place once COMMIT was sent: whatever happened, the server rolls the transaction back.
      return nothingChanged(error);
    } finally {
      clearTimeout(timer);
      for (const session of sessions) session.discard();
    }
  }

  /** Asks the target what became of a transaction whose COMMIT was sent but never answered. */
  async lookUp(
    call: PlannedCall,
    evidence: string,
  ): Promise<'committed' | 'aborted' | 'in_progress' | 'unknown'> {
    const xid = /^xid (\d+)$/.exec(evidence)?.[1];
    const target = postgresTarget(call);
    if (xid === undefined || target === null) return 'unknown';
    let session: Session | null = null;
    try {
      session = await Session.open(target, { timeoutMs: 10_000 });
      const answer = await session.run('SELECT pg_catalog.pg_xact_status($1::text::xid8)', [xid]);
      const status = answer.rows[0]?.[0];
      if (status === 'committed' || status === 'aborted') return status;
      return status === 'in progress' ? 'in_progress' : 'unknown';
    } catch (error) {
      if (error instanceof ConnectionLost || isDatabaseError(error)) return 'unknown';
      throw error;
    } finally {
      session?.discard();
    }
  }
}

const GRACE_MS = 1_000;
const CANNOT_CONNECT = 'The database could not be reached. Nothing was changed.';

type Bounds = { largestRows: number; lockMs: number };
type Done = { measurement: Measurement; result: ToolResult; xid: string | null };

/** One execution on two fresh sessions: one runs and commits, the other looks at the same snapshot and at the catalog as it is now. */
class Execution {
  constructor(
    private readonly call: PlannedCall,
    private readonly sql: SqlCall,
    private readonly options: RunOptions,
    private readonly main: Session,
    private readonly observer: Session,
    private readonly startedAt: number,
  ) {}

  async run(bounds: Bounds): Promise<RunOutcome> {
    const cancel = (): void => {
      this.main.cancel().catch(() => this.main.destroy());
    };
    this.options.signal?.addEventListener('abort', cancel, { once: true });
    let done: Done;
    let evidence: string;
    try {
      done = await this.runBytes(bounds);
      if (!this.options.accept(done.measurement)) {
        await this.rollback();
        return { kind: 'drifted', measurement: done.measurement };
      }
      evidence = done.xid === null ? 'no transaction id: nothing was written' : `xid ${done.xid}`;
      const goOn = await this.options.beforeCommit(evidence);
      if (!goOn) {
        await this.rollback();
        return { kind: 'stopped' };
      }
      if (this.options.signal?.aborted === true) {
        await this.rollback();
        return failed('57014', 'The execution was cancelled. Nothing was changed.');
      }
    } finally {
      this.options.signal?.removeEventListener('abort', cancel);
    }
    return this.commit(done, evidence);
  }

  private remaining(): number {
    return Math.max(1, this.options.deadlineMs - (performance.now() - this.startedAt));
  }

  private async runBytes(bounds: Bounds): Promise<Done> {
    const target = this.sql.target;
    if (target === null) throw new ConnectionLost('no target');
    const prepareNow = (): Promise<Preparation> =>
      prepare(
        { analyst: this.observer, session: this.observer },
        this.call,
        target,
        this.sql.gate,
        this.sql.params,
      );
    const prep = await prepareNow();
    const limits = { statementMs: this.remaining(), lockMs: Math.min(bounds.lockMs, this.remaining()) };
    const { refused, scattered } = await foresee(this.observer, prep, bounds.largestRows);
    if (refused !== null) {
      const measurement = await measurePlanned(this.observer, prep, refused.because, refused.estimate);
      return this.runUnmeasured(measurement, limits);
    }
    const snapshot = await beginMeasured(this.main, prep.assessment.run === 'read_only', limits);
    const ran = await runMeasured(this.main, this.observer, prep, { snapshot, scattered });
    // What the statement depends on is read again, by a session that sees everything committed so far: a function replaced between
    // analysing and running would otherwise go unnoticed.
    const after = await prepareNow();
    const measurement =
      after.definitions === prep.definitions ? ran.measurement : changed(ran.measurement, after.definitions);
    return {
      measurement: stamped(measurement, this.startedAt),
      result: await toolResult(this.main, ran.answer),
      xid: ran.xid,
    };
  }

  /** For what was approved without having been rehearsed (data definition): the bytes run in one transaction, and nothing is compared but definitions. */
  private async runUnmeasured(
    measurement: Measurement,
    limits: { statementMs: number; lockMs: number },
  ): Promise<Done> {
    await beginMeasured(this.main, false, limits);
    const answer = await this.main.runCapped(this.sql.gate.statement, this.sql.params, IMAGE_CAP);
    await this.main.fixed('SET CONSTRAINTS ALL IMMEDIATE');
    const xid = await this.main.run('SELECT pg_catalog.pg_current_xact_id_if_assigned()::text');
    return {
      measurement: stamped(measurement, this.startedAt),
      result: await toolResult(this.main, answer),
      xid: xid.rows[0]?.[0] ?? null,
    };
  }

  private async rollback(): Promise<void> {
    await this.main.fixed('ROLLBACK').catch(() => this.main.destroy());
  }

  /** From here on silence is no answer: a connection lost now leaves the outcome unknown, and it is never tried again. */
  private async commit({ measurement, result }: Done, evidence: string): Promise<RunOutcome> {
    if (this.main.isGone)
      return failed('08006', 'The connection was lost before the commit. Nothing was changed.');
    try {
      const answer = await this.main.run('COMMIT');
      if (answer.command !== 'COMMIT')
        return failed('25P02', 'The database rolled the transaction back. Nothing was changed.');
      return { kind: 'succeeded', measurement, result };
    } catch (error) {
      if (isDatabaseError(error)) return nothingChanged(error);
      return {
        kind: 'unknown_outcome',
        why: `The connection was lost after COMMIT was sent (${evidence}). Look the transaction up before doing anything again.`,
      };
    }
  }
}

const failed = (code: string, message: string): RunOutcome => ({ kind: 'failed', error: { code, message } });

function nothingChanged(error: unknown): RunOutcome {
  const { sqlState, message, quoted } = describeFailure(error);
  const withoutValues = `${message} Nothing was changed.`;
  if (quoted === undefined) return failed(sqlState, withoutValues);
  return {
    kind: 'failed',
    error: { code: sqlState, message: `${quoted} Nothing was changed.`, withoutValues },
  };
}

function changed(measurement: Measurement, definitions: string): Measurement {
  const both = createHash('sha256')
    .update(`${measurement.footprint.definitions} ${definitions}`)
    .digest('hex');
  return { ...measurement, footprint: { ...measurement.footprint, definitions: both } };
}
