import type { IncomingMessage, ServerResponse } from 'node:http';
import { type AnyTRPCProcedure, TRPCError } from '@trpc/server';
import type { AuthenticateAgent } from '@/server/api/auth/authenticate-agent';
import { createContext, type World } from '@/server/api/trpc/context';
import { RefusedError } from '@/server/api/trpc/refused-error';
import type { appRouter } from '@/server/api/trpc/root';
import { type Outcome, refuse } from '@/server/domain/refusal';
import { sendError, sendJson } from './answer';
import type { CallRate } from './call-rate';
import { closedSignal } from './closed-signal';
import { parseJson, readJsonBody } from './read-body';

const PREFIX = '/api/trpc/agent.';

/** The procedure's path (`agent.submit`) when this front takes the request: one agent call, not a batch. Else null. */
export function agentPath(url: string): string | null {
  if (!url.startsWith(PREFIX)) return null;
  const end = url.indexOf('?');
  const path = end === -1 ? url.slice('/api/trpc/'.length) : url.slice('/api/trpc/'.length, end);
  if (!/^agent\.[A-Za-z]+$/.test(path)) return null;
  return end !== -1 && /[?&]batch=/.test(url.slice(end)) ? null : path;
}

/** What the caller sent, once it is known to be an agent: nobody else makes this process read a body. */
async function readInput(request: IncomingMessage): Promise<Outcome<unknown>> {
  if (request.method === 'POST') {
    const type = request.headers['content-type'];
    // Anything but JSON would reach the procedure as bytes; no type at all is a script that left it out.
    if (type !== undefined && !/^application\/json\s*(;|$)/i.test(type)) {
      return refuse('input_invalid', 'Send the input as JSON with content-type application/json.');
    }
    return readJsonBody(request);
  }
  const url = request.url ?? '';
  const query = url.indexOf('?');
  return parseJson(query === -1 ? '' : (new URLSearchParams(url.slice(query + 1)).get('input') ?? ''));
}

const METHODS = { query: 'GET', mutation: 'POST' } as const;

/** Throws what tRPC itself throws for a procedure that does not exist or is called with the wrong method. */
function getProcedure(router: typeof appRouter, path: string, method: string | undefined): AnyTRPCProcedure {
  const procedures = router._def.procedures as unknown as Record<string, AnyTRPCProcedure | undefined>;
  const procedure = Object.hasOwn(procedures, path) ? procedures[path] : undefined;
  if (procedure === undefined || procedure._def.type === 'subscription') {
    throw new TRPCError({ code: 'NOT_FOUND', message: `No procedure found on path "${path}"` });
  }
  if (METHODS[procedure._def.type] !== method) throw new TRPCError({ code: 'METHOD_NOT_SUPPORTED' });
  return procedure;
}

/**
 * The way in for agents: node:http straight to the procedure, several times cheaper than a general adapter, and answering byte for byte as
 * tRPC does. Same router, same middleware, same errors.
 */
export function createAgentFront(parts: {
  world: World;
  router: typeof appRouter;
  authenticate: AuthenticateAgent;
  callRate: CallRate;
  addressOf(request: IncomingMessage): string;
  /** Whether this process is on its way down: answers then say to come back, on another connection. */
  isClosing(): boolean;
}) {
  const { world } = parts;
  return async (request: IncomingMessage, response: ServerResponse, path: string): Promise<void> => {
    try {
      const agent = await parts.authenticate(request.headers.authorization, parts.addressOf(request));
      if (!agent.ok) throw new RefusedError(agent);
      const limited = parts.callRate(agent.value.agentId, Date.now());
      if (limited !== null) throw new RefusedError(limited);
      const procedure = getProcedure(parts.router, path, request.method);
      const input = await readInput(request);
      if (!input.ok) throw new RefusedError(input);
      const data = await procedure({
        ctx: createContext(world, agent.value),
        path,
        type: procedure._def.type,
        getRawInput: () => Promise.resolve(input.value),
        input: input.value,
        signal: closedSignal(response),
        batchIndex: 0,
      });
      if (parts.isClosing() && !response.headersSent) {
        response.setHeader('connection', 'close');
        response.setHeader('retry-after', '1');
      }
      sendJson(response, 200, JSON.stringify({ result: { data } }));
    } catch (error) {
      // What is still on its way in is not wanted any more; the connection ends with this answer.
      if (!request.complete) response.setHeader('connection', 'close');
      sendError(response, error, world.log, path);
    }
  };
}
