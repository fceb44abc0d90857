import pg from 'pg';
import type { Change, Changes } from '@/server/domain/ports';
import { waiters } from './waiters';

const CHANNEL = 'holdpoint';
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;
/** A connection that says nothing may be gone without a word (a firewall forgot it): ask, and give up when no answer comes. */
const HEARTBEAT_MS = 15_000;
const HEARTBEAT_DEADLINE_MS = 10_000;

export type Hub = Changes & {
  /** Resolves once this process listens for the first time; keeps trying until then. */
  start(): Promise<void>;
  /** How many calls are waiting right now. */
  readonly waiting: number;
  /** Ends every wait with false and the connection; waits made afterwards end at once. */
  shutdown(): Promise<void>;
};

type Payload = { w?: unknown; a?: unknown; s?: unknown; r?: unknown; c?: unknown };

function readChange(text: string | undefined): Change | null {
  try {
    const { w, a, s, r, c } = JSON.parse(text ?? '') as Payload;
    if (typeof w !== 'string') return null;
    return {
      workspaceId: w,
      ...(typeof a === 'string' ? { actionId: a } : {}),
      ...(typeof s === 'string' ? { status: s } : {}),
      ...(typeof r === 'string' ? { runId: r } : {}),
      ...(c === 1 ? { config: true as const } : {}),
    };
  } catch {
    return null;
  }
}

/** Who in this process wants to hear of what. Apart from the connection, so that it can be measured and tested without one. */
function createSwitchboard() {
  const waiting = waiters();
  const byWorkspace = new Map<string, Set<(change: Change | null) => void>>();
  const onConfig = new Set<(workspaceId: string | null) => void>();
  return {
    waiting,
    byWorkspace,
    onConfig,
    deliver(change: Change): void {
      if (change.actionId !== undefined) waiting.wake(change.actionId);
      for (const listener of byWorkspace.get(change.workspaceId) ?? []) listener(change);
      if (change.config) for (const listener of onConfig) listener(change.workspaceId);
    },
    /** Notifications may have been missed: everybody reads again. */
    resync(): void {
      waiting.wakeAll(true);
      for (const listeners of byWorkspace.values()) for (const listener of listeners) listener(null);
      for (const listener of onConfig) listener(null);
    },
  };
}

type Line = { end(): Promise<void> };

/** One connected LISTEN client; `onLost` is called once, however it is lost. Rejects when it cannot connect. */
async function connect(
  url: string,
  onPayload: (payload: string | undefined) => void,
  onLost: (why: unknown) => void,
): Promise<Line> {
  const client = new pg.Client({
    connectionString: url,
    keepAlive: true,
    application_name: 'holdpoint hub',
    connectionTimeoutMillis: HEARTBEAT_DEADLINE_MS,
    query_timeout: HEARTBEAT_DEADLINE_MS,
  });
  let open = true;
  const lost = (why: unknown) => {
    if (!open) return;
    open = false;
    clearInterval(heartbeat);
    client.end().catch(() => undefined);
    onLost(why);
  };
  const heartbeat = setInterval(() => client.query('SELECT 1').catch(lost), HEARTBEAT_MS).unref();
  client.on('notification', (message) => onPayload(message.payload));
  client.on('error', lost);
  client.on('end', () => lost('the server ended the connection'));
  try {
    await client.connect();
    await client.query(`LISTEN ${CHANNEL}`);
  } catch (error) {
    // A failed attempt is reported by the rejection alone, never by `onLost` as well.
    open = false;
    clearInterval(heartbeat);
    client.end().catch(() => undefined);
    throw error;
  }
  return {
    async end() {
      open = false;
      clearInterval(heartbeat);
      await client.end().catch(() => undefined);
    },
  };
}

/** The process's one LISTEN connection. It reconnects for ever; after each reconnect everybody is told to read again. */
export function createHub(options: {
  url: string;
  log: { warn(fields: object, message: string): void; info(fields: object, message: string): void };
}): Hub {
  const board = createSwitchboard();
  let line: Line | null = null;
  let closed = false;
  let started: Promise<void> | null = null;
  let stopPause: () => void = () => undefined;

  const pause = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      stopPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const onPayload = (payload: string | undefined) => {
    const change = readChange(payload);
    if (change !== null) board.deliver(change);
  };
  const onLost = (why: unknown) => {
    line = null;
    options.log.warn({ why: String(why) }, 'hub connection lost; reconnecting');
    void listen().then(() => {
      if (!closed) board.resync();
    });
  };
  async function listen(): Promise<void> {
    for (let pauseMs = FIRST_PAUSE_MS; !closed; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
      try {
        const connected = await connect(options.url, onPayload, onLost);
        if (closed) return await connected.end();
        line = connected;
        options.log.info({}, 'hub listening');
        return;
      } catch (error) {
        options.log.warn({ why: String(error), pauseMs }, 'hub cannot connect');
        // Spread out, so that many processes do not return to a restarted database in one wave.
        await pause(pauseMs * (0.5 + Math.random()));
      }
    }
  }

  return {
    start: () => {
      started ??= listen();
      return started;
    },
    get waiting() {
      return board.waiting.size;
    },
    wait: (actionId, waitMs, signal) =>
      closed ? Promise.resolve(false) : board.waiting.add(actionId, waitMs, signal),
    onWorkspace(workspaceId, listener) {
      const listeners = board.byWorkspace.get(workspaceId) ?? new Set();
      board.byWorkspace.set(workspaceId, listeners.add(listener));
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0 && board.byWorkspace.get(workspaceId) === listeners) {
          board.byWorkspace.delete(workspaceId);
        }
      };
    },
    onConfig(listener) {
      board.onConfig.add(listener);
      return () => board.onConfig.delete(listener);
    },
    async shutdown() {
      closed = true;
      stopPause();
      board.waiting.wakeAll(false);
      await line?.end();
    },
  };
}
