import type { ServerResponse } from 'node:http';
import { TRPC_ERROR_CODES_BY_KEY } from '@trpc/server/rpc';
import { getStatusCodeFromKey } from '@trpc/server/unstable-core-do-not-import';
import { ERROR_TABLE } from '@/server/api/error-table';
import { errorData } from '@/server/api/trpc/refused-error';
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

/** A refusal in the very shape tRPC gives errors, so that no client can tell which front answered. */
export function sendRefusal(response: ServerResponse, refusal: Refusal, path?: string): void {
  const code = ERROR_TABLE[refusal.code];
  const httpStatus = getStatusCodeFromKey(code);
  if (refusal.retryAfterSeconds !== undefined && !response.headersSent) {
    response.setHeader('retry-after', String(refusal.retryAfterSeconds));
  }
  const data = { code, httpStatus, ...(path === undefined ? {} : { path }), ...errorData(refusal) };
  const error = { message: refusal.message, code: TRPC_ERROR_CODES_BY_KEY[code], data };
  sendJson(response, httpStatus, JSON.stringify({ error }));
}
