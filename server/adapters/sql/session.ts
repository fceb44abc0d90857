import type { Duplex } from 'node:stream';
import pg from 'pg';
import type { PostgresTarget } from '@/server/domain/catalog';
import { allOf } from './all-of';
import { type Answer, AS_TEXT, toField } from './answer';
import { readCapped, type Watched } from './capped-answer';
import { LEFT_PREPARED, PREPARED, StatementsReplaced } from './left-prepared';
import { IDENTITY, type SessionIdentity } from './session-identity';
import { pathAgain, preamble } from './session-settings';

export type Place = Pick<PostgresTarget, 'connection' | 'searchPath'>;

/** The connection was lost, or never came about: nothing is known of a statement that was under way. */
export class ConnectionLost extends Error {}

/** The database sent more at once than this process will hold for one statement; the connection was cut, so nothing of it was committed. */
export class AnswerTooLarge extends ConnectionLost {}

/**
 * What may arrive between two answers, in bytes. Without a bound one statement takes the whole process with it: a value of 600 MB is longer than a
 * string may be, which the driver throws where nothing can catch it.
 */
export const LARGEST_ANSWER_BYTES = 64 * 1024 * 1024;

/**
 * One connection to a target. What is asked before an earlier answer has come is sent at once and answered in
 * the order it was asked. Statements go through the extended protocol, which takes exactly one:
 * under the simple one `insert …; commit; select …` outlives a later ROLLBACK. Settings that change what a statement means are pinned.
 */
export class Session {
  private who: SessionIdentity;
  private ended = false;
  /** How often it was made ready for another statement. */
  timesSettled = 0;
  /** Settled once `identity` says who it is as of the last `renew`; fails with `ConnectionLost` where it is of no use any more. */
  renewed: Promise<void> = Promise.resolve();
  private arrivedBytes = 0;
  /** Asked and not answered yet. */
  private underWay = 0;
  private readonly stream: Duplex;
  private aheadOfNext: Promise<unknown>[] = [];
  /** Something other than our own kept questions ran here. */
  private ranOther = false;
  /** Names that questions are kept under. */
  private readonly kept = new Set<string>();

  private constructor(
    private readonly client: pg.Client,
    private readonly place: Place,
    identity: SessionIdentity,
  ) {
    this.who = identity;
    client.once('end', () => {
      this.ended = true;
    });
    this.stream = (client as unknown as { connection: { stream: Duplex } }).connection.stream;
    // First in line, so that the driver never gets to see the chunk that is too much.
    this.stream.prependListener('data', (chunk: Buffer) => {
      this.arrivedBytes += chunk.length;
      if (this.arrivedBytes > LARGEST_ANSWER_BYTES) this.stream.destroy(new AnswerTooLarge(TOO_LARGE));
    });
  }

  get identity(): SessionIdentity {
    return this.who;
  }

  /** Calls back once the connection has ended, whoever ended it. */
  onEnd(told: () => void): void {
    this.client.once('end', told);
  }

  /** True once the connection is known to be gone: nothing sent now would arrive. */
  get isGone(): boolean {
    return this.ended;
  }

  static async open(
    place: Place,
    options: { timeoutMs: number; signal?: AbortSignal | undefined },
  ): Promise<Session> {
    const client = new pg.Client({
      connectionString: place.connection,
      connectionTimeoutMillis: Math.max(1, options.timeoutMs),
      application_name: 'holdpoint',
      types: AS_TEXT,
      pipeline: true,
    });
    // Without a listener an idle connection that the server ends would take the process with it.
    client.on('error', () => {});
    try {
      await client.connect();
      const results = (await client.query(preamble(place.searchPath))) as unknown as pg.QueryResult[];
      const row = results.at(-1)?.rows[0] as { identity: string };
      return new Session(client, place, JSON.parse(row.identity) as SessionIdentity);
    } catch (error) {
      destroy(client);
      throw new ConnectionLost(error instanceof Error ? error.message : String(error), { cause: error });
    }
  }

  /** Has what the role may do read anew, ahead of what is asked next. Ends what `hold` began. */
  renew(): void {
    this.socket.ref();
    const late = setTimeout(() => this.destroy(), RENEW_MS);
    this.renewed = this.readIdentity().finally(() => clearTimeout(late));
    this.renewed.catch(() => {});
  }

  private async readIdentity(): Promise<void> {
    this.who = await this.json<SessionIdentity>(IDENTITY, [], 'holdpoint_identity');
    if (!this.who.mayConnect) throw new ConnectionLost('its role may not connect any more');
  }

  /** Lets the process end although the session is open. */
  hold(): void {
    this.socket.unref();
  }

  private get socket(): { ref(): void; unref(): void } {
    return (this.client as unknown as { connection: { stream: { ref(): void; unref(): void } } }).connection
      .stream;
  }

  /** Has names mean again what they meant when the session began, until the transaction ends. */
  get pathAgain(): string {
    return pathAgain(this.place.searchPath);
  }

  /** For questions of our own only: each is planned once in a session, not again for every set of parameters. */
  async generically<T>(work: () => Promise<T>): Promise<T> {
    this.ahead(GENERICALLY);
    try {
      return await work();
    } finally {
      this.ahead('ROLLBACK');
    }
  }

  /** The same for work that asks one question: all is sent before its answer has come, so that others can be asked behind it. */
  genericallyAhead<T>(work: () => Promise<T>): Promise<T> {
    this.ahead(GENERICALLY);
    const asked = work();
    this.ahead('ROLLBACK');
    return asked;
  }

  /** Sends fixed text of our own and waits for nothing: what is asked next comes after it, and fails where it failed. */
  ahead(text: string): void {
    const sent = this.inTurn(() => this.client.query(text));
    sent.catch(() => {});
    this.aheadOfNext.push(sent);
  }

  private async inTurn<T>(ask: () => Promise<T>): Promise<T> {
    const earlier = this.aheadOfNext;
    this.aheadOfNext = [];
    this.arrivedBytes = 0;
    this.underWay += 1;
    // What is asked in one go leaves in one go.
    this.stream.cork();
    process.nextTick(() => this.stream.uncork());
    try {
      const asked = ask();
      // Told by whoever asks, once it is known that nothing before it failed.
      asked.catch(() => {});
      await allOf(...earlier);
      return await asked;
    } catch (error) {
      throw isDatabaseError(error) ? error : lost(error);
    } finally {
      this.underWay -= 1;
    }
  }

  /**
   * Runs one statement through the extended protocol. Database errors pass through; a lost connection becomes `ConnectionLost`. What has a
   * `name` is kept by the server, planned, for the next time: never a word of an agent.
   */
  async run(text: string, values: readonly unknown[] = [], name?: string): Promise<Answer> {
    if (name === undefined) {
      this.ranOther = true;
      return this.ask(text, values);
    }
    this.kept.add(name);
    return this.ranOther ? this.runKept(text, values, name) : this.ask(text, values, name);
  }

  /** Asks at the same time whether what is kept under our names is still ours: a function called here can keep something else there. */
  private async runKept(text: string, values: readonly unknown[], name: string): Promise<Answer> {
    const [left, answer] = await allOf(this.ask(LEFT_PREPARED), this.ask(text, values, name));
    if (left.rows.length > 0) throw new StatementsReplaced();
    return answer;
  }

  /** Has the server take in a statement that runs nothing: a definition. */
  define(text: string): Promise<unknown> {
    return this.ask(text);
  }

  /** Whether exactly what was asked under a name is kept, and nothing else that could stand in for it. */
  async isOursAgain(): Promise<boolean> {
    const { rows } = await this.ask(PREPARED);
    const ours = rows.filter(([name, fromSql]) => fromSql === 'false' && this.kept.has(name ?? ''));
    if (ours.length !== rows.length || ours.length !== this.kept.size) return false;
    this.ranOther = false;
    return true;
  }

  private async ask(text: string, values: readonly unknown[] = [], name?: string): Promise<Answer> {
    const config = {
      text,
      values: [...values],
      rowMode: 'array',
      queryMode: 'extended',
      ...(name === undefined ? {} : { name }),
    } as unknown as pg.QueryConfig;
    const result = await this.inTurn(() => this.client.query(config));
    return {
      fields: (result.fields ?? []).map(toField),
      rows: result.rows as unknown as (string | null)[][],
      rowCount: result.rowCount ?? 0,
      command: result.command ?? '',
    };
  }

  /**
   * Runs the statement of an agent to its end and keeps its first rows only, however many it returns: the rest is counted and dropped.
   */
  async runCapped(
    text: string,
    values: readonly unknown[],
    keepRows: number,
    watched: Watched | null = null,
  ): Promise<Answer> {
    // The driver takes no cursor while it sends ahead of answers, so it is told not to, with nothing under way.
    await allOf(...this.aheadOfNext.splice(0));
    const client = this.client as { pipeline: boolean };
    client.pipeline = false;
    this.underWay += 1;
    this.ranOther = true;
    try {
      return await readCapped(this.client, text, values, { keepRows, watched }, () => {
        this.arrivedBytes = 0;
      });
    } catch (error) {
      throw isDatabaseError(error) ? error : lost(error);
    } finally {
      this.underWay -= 1;
      client.pipeline = true;
    }
  }

  /** Runs a query of our own that answers with one JSON value. */
  async json<T>(text: string, values: readonly unknown[] = [], name?: string): Promise<T> {
    const answer = await this.run(text, values, name);
    return JSON.parse(answer.rows[0]?.[0] ?? 'null') as T;
  }

  /** Runs fixed text of our own, several statements in one round trip. Never for anything that holds a word of an agent. */
  async fixed(text: string): Promise<void> {
    await this.inTurn(() => this.client.query(text));
  }

  /** Asks the server, over another connection, to stop what this session is doing. */
  async cancel(): Promise<void> {
    const other = await Session.open(this.place, { timeoutMs: 5_000 });
    try {
      await other.run('SELECT pg_catalog.pg_cancel_backend($1)', [this.identity.backendPid]);
    } finally {
      other.discard();
    }
  }

  /** Drops the connection at once, without waiting: an open transaction is rolled back by the server. */
  discard(): void {
    if (this.underWay > 0) this.destroy();
    else this.client.end().catch(() => {});
  }

  /** Cuts the connection even while a statement is under way. */
  destroy(): void {
    destroy(this.client);
  }
}

const GENERICALLY = 'BEGIN; SET LOCAL plan_cache_mode = force_generic_plan';

/** A server that has gone silent is not waited for: opening anew has its own time limit. */
const RENEW_MS = 2_000;

const TOO_LARGE = `it sent more than ${LARGEST_ANSWER_BYTES / (1024 * 1024)} MB at once. Ask for fewer rows or smaller values.`;

function destroy(client: pg.Client): void {
  (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
}

/** A mistake of ours (a TypeError, say) must not pass for a broken connection. */
function lost(error: unknown): unknown {
  if (error instanceof ConnectionLost) return error;
  const ours = error instanceof TypeError || error instanceof ReferenceError || error instanceof RangeError;
  return ours
    ? error
    : new ConnectionLost(error instanceof Error ? error.message : String(error), { cause: error });
}

/** An answer of the database, as opposed to a connection that broke. Class 57P and 08 mean the session is gone. */
export function isDatabaseError(error: unknown): error is pg.DatabaseError {
  return error instanceof pg.DatabaseError && !/^(57P|08)/.test(error.code ?? '');
}
