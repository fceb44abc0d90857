import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

type Call = { method: string; token: string | undefined; args: Record<string, string> };
export type SlackUser = { email: string; confirmed?: boolean; deleted?: boolean };

/** A service on loopback that speaks the part of Slack's Web API that is used, and remembers what it was asked. */
export async function startSlack(users: Record<string, SlackUser>) {
  const calls: Call[] = [];
  let busyFor: number | null = null;
  let fault: string | null = null;
  const answers: Record<string, (args: Record<string, string>) => Record<string, unknown>> = {
    'chat.postMessage': ({ channel }) => ({
      ok: true,
      channel,
      ts: `1700000000.${String(calls.length).padStart(6, '0')}`,
    }),
    'chat.update': ({ channel, ts }) => ({ ok: true, channel, ts }),
    'chat.postEphemeral': () => ({ ok: true, message_ts: '1' }),
    'views.open': () => ({ ok: true, view: { id: 'V1' } }),
    'users.info': ({ user }) => {
      const known = users[user ?? ''];
      return known === undefined
        ? { ok: false, error: 'user_not_found' }
        : {
            ok: true,
            user: {
              id: user,
              is_bot: false,
              deleted: known.deleted ?? false,
              is_email_confirmed: known.confirmed ?? true,
              profile: { email: known.email },
            },
          };
    },
  };
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      const method = (request.url ?? '').replace(/^\/api\//, '');
      calls.push({
        method,
        token: request.headers.authorization,
        args: Object.fromEntries(new URLSearchParams(body)),
      });
      response.setHeader('content-type', 'application/json');
      if (busyFor !== null) {
        response.writeHead(429, { 'retry-after': String(busyFor) }).end('{"ok":false,"error":"ratelimited"}');
        return;
      }
      const answer =
        fault !== null ? { ok: false, error: fault } : answers[method]?.(calls.at(-1)?.args ?? {});
      response.end(JSON.stringify(answer ?? { ok: false, error: 'unknown_method' }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    apiUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/`,
    calls,
    of: (method: string) => calls.filter((call) => call.method === method),
    /** Asks everybody to wait this many seconds; null ends it. */
    beBusy(seconds: number | null) {
      busyFor = seconds;
    },
    failWith(error: string | null) {
      fault = error;
    },
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}
