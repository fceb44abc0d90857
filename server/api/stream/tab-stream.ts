import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AuthenticateReviewer } from '@/server/api/auth/authenticate-reviewer';
import { sendRefusal } from '@/server/api/front/answer';
import type { World } from '@/server/api/trpc/context';
import type { Change } from '@/server/domain/ports';
import { refuse } from '@/server/domain/refusal';
import type { ReviewerScope } from '@/server/domain/scopes';
import { gatherChanges } from './gather-changes';
import { createJournals } from './journals';

const HEARTBEAT_MS = 15_000;
const RECHECK_MS = 60_000;
const RETRY_MS = 2_000;
/** What may wait to be sent to a tab that does not read; beyond it the tab is cut off and reads everything when it returns. */
const MOST_BUFFERED_BYTES = 256 * 1024;

const HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store, no-transform',
  'x-accel-buffering': 'no',
};

export type TabStreams = {
  open(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** Where a workspace stands now: a page read after asking shows all changes up to there. */
  positionOf(workspaceId: string): string;
  /** How many tabs are open. */
  readonly size: number;
  /** Ends every stream and asks the tabs to come back soon. */
  close(): void;
};

/** Events as they go out; the last one carries the position after all of them, with which a tab comes back. */
function eventsOf(changes: Change[] | null, position: string): string {
  const events = changes === null ? ['event: resync\ndata: {}\n\n'] : changes.map(eventOf);
  const last = events.pop();
  return last === undefined ? '' : `${events.join('')}id: ${position}\n${last}`;
}

/** Without a position where something missed goes out behind it: a connection that breaks before that begins where this one did. */
const helloOf = (data: { version: string; resumed: boolean }, position: string | null): string =>
  `retry: ${RETRY_MS}\n${position === null ? '' : `id: ${position}\n`}event: hello\ndata: ${JSON.stringify(data)}\n\n`;

/** Where a tab stands that comes back: the browser says it by itself, a new stream in its address. */
function positionIn(request: IncomingMessage): string {
  const header = request.headers['last-event-id'];
  if (typeof header === 'string' && header !== '') return header;
  return new URL(request.url ?? '/', 'http://here').searchParams.get('after') ?? '';
}

/** A change as the tab gets it: which action, in which state, which run, or `config`. No data, ever. */
const eventOf = (change: Change): string =>
  `event: change\ndata: ${JSON.stringify({
    ...(change.actionId === undefined ? {} : { actionId: change.actionId }),
    ...(change.status === undefined ? {} : { status: change.status }),
    ...(change.runId === undefined ? {} : { runId: change.runId }),
    ...(change.config === undefined ? {} : { config: true }),
  })}\n\n`;

/**
 * One stream per signed-in tab: `hello` (server version, and whether it goes on where the tab was), `change` (something about an action, or the
 * configuration, is different now), `resync` (changes may have been missed). A tab that names a position this process knows (Last-Event-ID, or
 * `?after=`) gets `resumed: true` and what changed since; any other reads again what it shows, as on `resync`. So nothing is lost. The stream
 * listens before it says `hello`, so no change can fall between the two.
 */
export function createTabStreams(parts: {
  world: Pick<World, 'changes' | 'log'>;
  authenticate: AuthenticateReviewer;
  version: string;
}): TabStreams {
  const journals = createJournals(parts.world.changes);
  const open = new Set<() => void>();
  let isClosed = false;

  const stream = (request: IncomingMessage, response: ServerResponse, reviewer: ReviewerScope) => {
    const send = (text: string) => {
      if (response.writableLength > MOST_BUFFERED_BYTES) return response.destroy();
      response.write(text);
    };
    // A database that is away ends no stream: nothing is decided here, and the next check comes.
    const recheck = async () => {
      const still = await parts.authenticate(request.headers.cookie).catch(() => reviewer);
      if (still?.sessionId !== reviewer.sessionId) end();
    };
    const journal = journals.of(reviewer.workspaceId);
    const missed = journal.since(positionIn(request));
    const gathered = gatherChanges((changes) => send(eventsOf(changes, journal.position())));
    const unsubscribe = journal.listen((change) => {
      if (change === null) send(eventsOf(null, journal.position()));
      else gathered.add(change);
      if (change === null || change.config) void recheck();
    });
    const heartbeat = setInterval(() => send(': still here\n\n'), HEARTBEAT_MS);
    const checking = setInterval(recheck, RECHECK_MS);
    const stop = () => {
      open.delete(end);
      unsubscribe();
      gathered.stop();
      for (const timer of [heartbeat, checking]) clearInterval(timer);
    };
    const end = () => {
      // The tab may have left while its session was being looked at.
      if (!open.has(end)) return;
      stop();
      response.end('event: bye\ndata: {}\n\n');
    };
    open.add(end);
    response.once('close', stop);
    response.writeHead(200, HEADERS);
    send(
      helloOf(
        { version: parts.version, resumed: missed !== null },
        missed?.length ? null : journal.position(),
      ),
    );
    for (const change of missed ?? []) gathered.add(change);
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
    positionOf: (workspaceId) => journals.of(workspaceId).position(),
    get size() {
      return open.size;
    },
    close() {
      isClosed = true;
      for (const end of [...open]) end();
      journals.close();
    },
  };
}
