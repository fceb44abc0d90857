import type { UnknownFact } from '@/server/domain/footprint';
import type { Analyzer, Measurement, PlannedCall, Reach } from '@/server/domain/ports';
import type { InputProblem } from '@/server/domain/refusal';
import { allOf } from './all-of';
import { seedsOf } from './catalog-facts';
import { forbiddenMeasurement, stamped, unknownMeasurement } from './footprints';
import { StatementsReplaced } from './left-prepared';
import { type MeasuredRun, runMeasured } from './measured-run';
import { foresee, LARGEST_REHEARSAL_ROWS, measurePlanned } from './planned';
import { type Preparation, prepare } from './preparation';
import { beginMeasured, describeFailure, type RunFailure } from './rehearsal';
import { MOST_WAITING, RehearsalQueue } from './rehearsal-queue';
import { ConnectionLost, isDatabaseError, Session } from './session';
import type { SessionStock } from './session-stock';
import { readSqlCall, type SqlCall } from './sql-call';

export type SqlAnalyzerOptions = {
  /** Rehearsals on one target at once. */
  rehearsalsAtOnce?: number;
  /** Rows by the planner's estimate above which a write is not rehearsed. */
  largestRehearsalRows?: number;
  lockTimeoutMs?: number;
  /** Where sessions come from; each is opened when it is needed unless given. */
  stock?: SessionStock;
};

type Measuring = { deadlineMs: number; signal?: AbortSignal; agentId?: string };

/** Measures what a SQL statement would touch by running it in a transaction that is always rolled back. */
export class SqlAnalyzer implements Analyzer {
  private readonly queue: RehearsalQueue;
  private readonly largestRows: number;
  private readonly lockMs: number;
  private readonly stock: Sessions;

  constructor(options: SqlAnalyzerOptions = {}) {
    this.queue = new RehearsalQueue(options.rehearsalsAtOnce ?? 2);
    this.largestRows = options.largestRehearsalRows ?? LARGEST_REHEARSAL_ROWS;
    this.lockMs = options.lockTimeoutMs ?? 200;
    this.stock = options.stock ?? OPENED_EACH_TIME;
  }

  /** Faults that need no data to see. Forbidden statements are none: policy denies those. */
  check(call: PlannedCall): InputProblem[] {
    const read = readSqlCall(call);
    return read.ok ? [] : read.problems;
  }

  /** What is forbidden is so by its text alone. */
  reach(call: PlannedCall): Reach {
    const read = readSqlCall(call);
    if (!read.ok || read.sql.gate.shape === 'forbidden' || read.sql.target === null) return 'arguments';
    return ['read', 'explain'].includes(read.sql.gate.shape) ? 'read' : 'change';
  }

  /** Never rejects for anything the target did, and leaves nothing changed there but sequences a rehearsed INSERT used. */
  async measure(call: PlannedCall, options: Measuring): Promise<Measurement> {
    const startedAt = performance.now();
    const read = readSqlCall(call);
    if (!read.ok) {
      const message = read.problems.map((p) => `${p.pointer}: ${p.message}`).join(' ');
      return stamped(unknownMeasurement({ code: 'analyzer_error', message }), startedAt);
    }
    const { gate, target } = read.sql;
    if (gate.forbidden !== null) return stamped(forbiddenMeasurement(gate.forbidden), startedAt);
    if (target === null) {
      return stamped(
        unknownMeasurement({
          code: 'target_unreachable',
          message: 'The tool has no database to run on. Give it a target in the workspace document.',
        }),
        startedAt,
      );
    }
    const deadline = startedAt + options.deadlineMs;
    const agent = options.agentId ?? '';
    const turn = await this.queue.enter(target.id, agent, options.deadlineMs, options.signal);
    if (turn !== 'in') return stamped(unknownMeasurement(turn === 'late' ? TOO_BUSY : TOO_MANY), startedAt);
    try {
      return stamped(await this.measureOnTarget(call, read.sql, deadline, options.signal), startedAt);
    } finally {
      this.queue.leave(target.id, agent);
    }
  }

  private async measureOnTarget(
    call: PlannedCall,
    sql: SqlCall,
    deadline: number,
    signal?: AbortSignal,
  ): Promise<Measurement> {
    const sessions: Session[] = [];
    const stop = (): void => {
      for (const session of sessions) session.destroy();
    };
    // The server's own time-outs come first; this ends the wait when the server itself does not answer.
    const timer = setTimeout(stop, Math.max(0, deadline - performance.now()) + GRACE_MS);
    signal?.addEventListener('abort', stop, { once: true });
    const isOver = () => signal?.aborted === true || performance.now() > deadline;
    try {
      const kept = await this.measureIn(this.stock, sessions, call, sql, deadline).catch((error: unknown) => {
        if (!(error instanceof KeptTooLong) || isOver()) throw error;
        for (const session of sessions.splice(0)) session.destroy();
        return null;
      });
      return kept ?? (await this.measureIn(OPENED_EACH_TIME, sessions, call, sql, deadline));
    } catch (error) {
      return unknownMeasurement(factOf(error));
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
      for (const session of sessions) session.discard();
    }
  }

  private async measureIn(
    stock: Sessions,
    sessions: Session[],
    call: PlannedCall,
    sql: SqlCall,
    deadline: number,
  ): Promise<Measurement> {
    const place = sql.target;
    if (place === null) return unknownMeasurement(TOO_BUSY);
    const open = (): Promise<Session> =>
      stock.take(place, { timeoutMs: Math.max(1, deadline - performance.now()) });
    // A plain read needs one session; a write is looked at through a second one, opened while nothing waits for it yet.
    const wanted = ['read', 'explain'].includes(sql.gate.shape) ? 1 : 2;
    const opened = await Promise.allSettled(Array.from({ length: wanted }, open));
    for (const result of opened) if (result.status === 'fulfilled') sessions.push(result.value);
    const [observer] = sessions;
    const failed = opened.find((result) => result.status === 'rejected');
    if (observer === undefined || failed !== undefined) throw failed?.reason;
    // Last: it takes what the others leave. It stays among those that are cut off when time is up, until it has analysed to the end.
    const analyst = stock.takeAnalyst(place);
    if (analyst !== null) sessions.push(analyst);
    const both = { analyst: analyst ?? observer, session: observer };
    const orTooLong = (error: unknown): never => {
      throw error instanceof ConnectionLost && stock !== OPENED_EACH_TIME ? new KeptTooLong(error) : error;
    };
    const [prep] = await allOf(
      prepare(both, call, place, sql.gate, sql.params),
      ...sessions.map(({ renewed }) => renewed),
    ).catch(orTooLong);
    if (analyst !== null) {
      sessions.pop();
      stock.giveBack(place, analyst);
    }
    stock.learn(place, seedsOf(prep.facts));
    if (prep.assessment.run === 'rehearse' && sessions.length === 1) {
      sessions.push(await open());
      await sessions[1]?.renewed.catch(orTooLong);
    }
    const run = await this.measurePrepared(sessions[1] ?? observer, observer, prep, deadline);
    if (run.leavesNothing) stock.takeBack(place, sessions.splice(0));
    return run.measurement;
  }

  private async measurePrepared(
    main: Session,
    observer: Session,
    prep: Preparation,
    deadline: number,
  ): Promise<Measured> {
    const planned = async (because: UnknownFact[], estimate: number | null): Promise<Measured> => ({
      measurement: await measurePlanned(observer, prep, because, estimate),
      leavesNothing: false,
    });
    if (prep.assessment.run === 'refuse') return planned([], null);
    const readOnly = prep.assessment.run === 'read_only';
    let notRun: { because: UnknownFact[]; estimate: number | null };
    try {
      const limits = { statementMs: deadline - performance.now(), lockMs: this.lockMs };
      // Begun while the planner is asked in the other session: it nearly always agrees.
      const [{ refused, scattered }, snapshot] = await allOf(
        foresee(observer, prep, this.largestRows),
        beginMeasured(main, readOnly, limits),
      );
      if (refused === null) return await runMeasured(main, observer, prep, { snapshot, scattered });
      notRun = refused;
    } catch (error) {
      notRun = { because: [withSource(factOf(error), prep)], estimate: null };
    } finally {
      await main.fixed('ROLLBACK').catch(() => main.destroy());
    }
    return planned(notRun.because, notRun.estimate);
  }
}

/** Where sessions come from. */
type Sessions = Pick<SessionStock, 'take' | 'takeBack' | 'takeAnalyst' | 'giveBack' | 'learn'>;

type Measured = Pick<MeasuredRun, 'measurement' | 'leavesNothing'>;

/** A session from the stock had ended, or its role may not connect any more. Fresh ones tell what is the matter. */
class KeptTooLong extends ConnectionLost {
  constructor(cause: ConnectionLost) {
    super(cause.message, { cause });
  }
}

const OPENED_EACH_TIME: Sessions = {
  take: Session.open,
  takeBack: (_, sessions) => {
    for (const session of sessions) session.discard();
  },
  takeAnalyst: () => null,
  giveBack: (_, session) => session.discard(),
  learn: () => {},
};

/** Time the server has to answer a time-out of its own before the connection is cut. */
const GRACE_MS = 1_000;

const TOO_BUSY: UnknownFact = {
  code: 'timeout',
  message:
    'Other measurements on this database did not end in time, so this one was not begun. Ask the agent to plan it again when the database is less busy.',
};

/** Without functions and triggers in reach, an error can only quote what the statement itself names. */
function withSource(fact: UnknownFact, { facts, found }: Preparation): UnknownFact {
  if (fact.quoted === undefined) return fact;
  const named = found.exact && facts.functions.length === 0 && facts.triggers.length === 0;
  return { ...fact, quotedFrom: named ? 'items' : 'target' };
}

const TOO_MANY: UnknownFact = {
  code: 'timeout',
  message: `This agent has ${MOST_WAITING} other statements waiting to be measured on this database, so this one was not begun. Ask it to plan fewer at a time.`,
};

function factOf(error: unknown): UnknownFact {
  const told =
    error instanceof ConnectionLost || error instanceof StatementsReplaced || isDatabaseError(error);
  if (!told) {
    return {
      code: 'analyzer_error',
      message: `Measuring failed in Holdpoint itself, so nothing is known of its effect: ${String(error)}. Reject it, and report these words to whoever runs Holdpoint.`,
    };
  }
  const { code, message, quoted } = describeFailure(error);
  return { code, message: `${message} ${NEXT[code]}`, ...(quoted === undefined ? {} : { quoted }) };
}

const NEXT: Readonly<Record<RunFailure['code'], string>> = {
  timeout:
    'What it would touch is unknown. Ask the agent for a narrower statement, or to plan it again when the database is less busy.',
  lock_busy:
    'What it would touch is unknown. Ask the agent to plan it again once that transaction has ended.',
  rehearsal_failed:
    'It changed nothing and would most likely fail the same way if it ran. Send it back with these words.',
  target_unreachable:
    'What it would touch is unknown. Check that the database runs and that the connection of the target is right.',
};
