import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AuthenticateReviewer } from '@/server/api/auth/authenticate-reviewer';
import { sendRefusal } from '@/server/api/front/answer';
import type { World } from '@/server/api/trpc/context';
import type { Change } from '@/server/domain/ports';
import { refuse } from '@/server/domain/refusal';
import type { ReviewerScope } from '@/server/domain/scopes';
import { gatherChanges } from './gather-changes';

const HEARTBEAT_MS = 15_000;
const RECHECK_MS = 60_000;
const RETRY_MS = 2_000;
/** What may wait to be sent to a tab that does not read; beyond it the tab is cut off and reads everything when it returns. */
const MOST_BUFFERED_BYTES = 256 * 1024;

export type TabStreams = {
  open(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** How many tabs are open. */
  readonly size: number;
  /** Ends every stream and asks the tabs to come back soon. */
  close(): void;
};

const RESYNC = 'event: resync\ndata: {}\n\n';

/** A change as the tab gets it: which action, in which state, which run, or `config`. No data, ever. */
const eventOf = (change: Change): string =>
  `event: change\ndata: ${JSON.stringify({
    ...(change.actionId === undefined ? {} : { actionId: change.actionId }),
    ...(change.status === undefined ? {} : { status: change.status }),
    ...(change.runId === undefined ? {} : { runId: change.runId }),
    ...(change.config === undefined ? {} : { config: true }),
  })}\n\n`;

/**
 * One stream per signed-in tab: `hello` (server version), `change` (something about an action, or the configuration, is different now),
 * `resync` (changes may have been missed). Events are hints and carry no id, so there is nothing to replay and Last-Event-ID means
 * nothing: on `hello` (every connection and reconnection) and on `resync` the tab reads again what it shows, so nothing is lost. The
 * stream subscribes before it says `hello`, so no change can fall between the two.
 */
export function createTabStreams(parts: {
  world: Pick<World, 'changes' | 'log'>;
  authenticate: AuthenticateReviewer;
  version: string;
}): TabStreams {
  const open = new Set<() => void>();
  let isClosed = false;

  const stream = (request: IncomingMessage, response: ServerResponse, reviewer: ReviewerScope) => {
    const send = (text: string) => {
      if (response.writableLength > MOST_BUFFERED_BYTES) return response.destroy();
      response.write(text);
    };
    const recheck = async () => {
      // A database that is away ends no stream: nothing is decided here, and the next check comes.
      const still = await parts.authenticate(request.headers.cookie).catch(() => reviewer);
      if (still?.sessionId !== reviewer.sessionId) end();
    };
    const gathered = gatherChanges((changes) =>
      send(changes === null ? RESYNC : changes.map(eventOf).join('')),
    );
    const unsubscribe = parts.world.changes.onWorkspace(reviewer.workspaceId, (change) => {
      if (change === null) send(RESYNC);
      else gathered.add(change);
      if (change === null || change.config) void recheck();
    });
    const heartbeat = setInterval(() => send(': still here\n\n'), HEARTBEAT_MS);
    const checking = setInterval(recheck, RECHECK_MS);
    const stop = () => {
      open.delete(end);
      unsubscribe();
      gathered.stop();
      clearInterval(heartbeat);
      clearInterval(checking);
    };
    const end = () => {
      // The tab may have left while its session was being looked at.
      if (!open.has(end)) return;
      stop();
      response.end('event: bye\ndata: {}\n\n');
    };
    open.add(end);
    response.once('close', stop);
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
    });
    send(`retry: ${RETRY_MS}\nevent: hello\ndata: ${JSON.stringify({ version: parts.version })}\n\n`);
    // Once more now that changes are heard: a session that ended in between would otherwise keep its stream for a minute.
    void recheck();
  };

  return {
    async open(request, response) {
      const reviewer = await parts.authenticate(request.headers.cookie);
      if (response.destroyed) return;
      if (isClosed) {
        return sendRefusal(
          response,
          refuse('unavailable', 'Holdpoint is restarting. Try again in a moment.', { retryAfterSeconds: 1 }),
        );
      }
      if (reviewer === null) {
        return sendRefusal(
          response,
          refuse('unauthenticated', 'You are not signed in. Sign in and try again.'),
        );
      }
      stream(request, response, reviewer);
    },
    get size() {
      return open.size;
    },
    close() {
      isClosed = true;
      for (const end of [...open]) end();
    },
  };
}
