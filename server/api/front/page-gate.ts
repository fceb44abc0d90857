import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AuthenticateReviewer } from '@/server/api/auth/authenticate-reviewer';
import type { World } from '@/server/api/trpc/context';
import { refusalOf } from '@/server/api/trpc/refused-error';

/** What anybody may open. Everything else is closed, so that a page nobody thought of is closed too. */
const OPEN_PATHS: ReadonlySet<string> = new Set(['/sign-in', '/icon.svg', '/favicon.ico', '/robots.txt']);
const OPEN_BELOW = ['/setup/', '/api/', '/_next/', '/__nextjs'];

/** The page a request is for, dots and doubled slashes resolved: `/_next/../inbox` is the inbox. */
function pageOf(request: IncomingMessage): { path: string; back: string } {
  const base = 'http://holdpoint.invalid';
  const asked = (request.url ?? '/').replace(/^\/+/, '/');
  const url = new URL(URL.canParse(asked, base) ? asked : '/', base);
  return { path: url.pathname, back: url.pathname + url.search };
}

const isOpen = (path: string): boolean =>
  OPEN_PATHS.has(path) || OPEN_BELOW.some((prefix) => path.startsWith(prefix));

function answer(response: ServerResponse, status: number, text: string): void {
  response.setHeader('cache-control', 'no-store');
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' });
  response.end(text);
}

/**
 * Sends whoever is not signed in to sign-in, knowing the way back, before anything of the page is made. Next begins to send a page before it
 * knows who asks, so it cannot answer with a redirect. The session is looked up, as for every call of the API: a cookie alone opens nothing.
 * True when the request was answered here.
 */
export function createPageGate(parts: {
  world: Pick<World, 'log'>;
  authenticateReviewer: AuthenticateReviewer;
}): (request: IncomingMessage, response: ServerResponse) => Promise<boolean> {
  return async (request, response) => {
    const { path, back } = pageOf(request);
    if (isOpen(path)) return false;
    try {
      if ((await parts.authenticateReviewer(request.headers.cookie)) !== null) return false;
    } catch (error) {
      const refusal = refusalOf(error, parts.world.log, path);
      if (refusal.retryAfterSeconds !== undefined) {
        response.setHeader('retry-after', String(refusal.retryAfterSeconds));
      }
      answer(response, refusal.code === 'unavailable' ? 503 : 500, refusal.message);
      return true;
    }
    if (request.headers.rsc !== undefined) {
      // A page that is open asks for the next one. Refused, Next opens that as a whole new page (and gets the redirect): nothing the browser
      // kept for whoever was signed in goes on living around the sign-in form.
      answer(response, 401, 'Sign in first.');
      return true;
    }
    response.setHeader('location', `/sign-in?callbackUrl=${encodeURIComponent(back)}`);
    // After anything but a look the browser must come back with a look, never send a form again.
    const isLook = request.method === 'GET' || request.method === 'HEAD';
    answer(response, isLook ? 307 : 303, 'Sign in first.');
    return true;
  };
}
