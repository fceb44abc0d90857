import type { ServerResponse } from 'node:http';
import { TRPCError } from '@trpc/server';
import { TRPC_ERROR_CODES_BY_KEY } from '@trpc/server/rpc';
import { getStatusCodeFromKey } from '@trpc/server/unstable-core-do-not-import';
import type { Logger } from 'pino';
import { ERROR_TABLE } from '@/server/api/error-table';
import { errorData, RefusedError, refusalOf } from '@/server/api/trpc/refused-error';
import type { Refusal } from '@/server/domain/refusal';

/** Sends JSON that no cache may keep. Does nothing when the client has gone. */
export function sendJson(response: ServerResponse, status: number, body: string): void {
  if (response.headersSent || response.destroyed) return;
  response.statusCode = status;
  response.setHeader('content-type', 'application/json');
  response.setHeader('cache-control', 'no-store');
  response.setHeader('content-length', Buffer.byteLength(body));
  response.end(body);
}

/**
 * What was thrown or refused, in the very shape and status tRPC gives it, so that no client can tell which front answered. A fault is
 * logged and answered with a reference only.
 */
export function sendError(
  response: ServerResponse,
  error: unknown,
  log: Pick<Logger, 'error' | 'warn'>,
  path?: string,
): void {
  if (response.headersSent || response.destroyed) return;
  const refusal = refusalOf(error, log, path);
  const isOwn = error instanceof TRPCError && error.code !== 'INTERNAL_SERVER_ERROR';
  const code = isOwn ? error.code : ERROR_TABLE[refusal.code];
  const httpStatus = getStatusCodeFromKey(code);
  if (refusal.retryAfterSeconds !== undefined) {
    response.setHeader('retry-after', String(refusal.retryAfterSeconds));
  }
  const data = { code, httpStatus, ...(path === undefined ? {} : { path }), ...errorData(refusal) };
  const shape = { message: refusal.message, code: TRPC_ERROR_CODES_BY_KEY[code], data };
  sendJson(response, httpStatus, JSON.stringify({ error: shape }));
}

/** A refusal made before any procedure ran. */
export function sendRefusal(response: ServerResponse, refusal: Refusal): void {
  sendError(response, new RefusedError(refusal), SILENT);
}

const SILENT = { error: () => undefined, warn: () => undefined };
