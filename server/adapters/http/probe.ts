import { ruleFor } from '@/server/domain/operation-rules';
import { apiOf } from './api';
import { withCredentials } from './credentials';
import { guardedCall, type Resolver } from './guarded-client';
import type { HttpCall } from './http-call';
import { HttpFault } from './http-fault';
import { type Probed, UNPROBED } from './http-footprint';

/** Whether the operator lets measuring ask for the state of what this call changes. */
export function isProbed({ target, operation }: HttpCall): boolean {
  if (!target.probe || !['PUT', 'PATCH', 'DELETE'].includes(operation.method)) return false;
  // Only a GET that is declared to be a read: probing must never do anything itself.
  return apiOf(target).operations.some(
    (o) =>
      o.method === 'GET' &&
      o.path === operation.path &&
      o.unsupported === null &&
      ruleFor(target, o).effect === 'read',
  );
}

/** Asks for the ETag of what a call changes. What cannot be learned is an unknown; nothing is ever changed by asking. */
export async function probe(
  http: HttpCall,
  bounds: {
    timeoutMs: number;
    signal?: AbortSignal | undefined;
    resolve?: Resolver | undefined;
    ca?: string | undefined;
  },
): Promise<Probed> {
  if (!isProbed(http)) return UNPROBED;
  const { target } = http;
  const url = new URL(http.url);
  url.search = '';
  const { timeoutMs, signal, resolve, ca } = bounds;
  try {
    const answer = await guardedCall(
      withCredentials(
        {
          method: 'GET',
          url: url.href,
          headers: { accept: 'application/json, */*;q=0.1', 'user-agent': 'Holdpoint' },
          body: null,
        },
        target.credentials,
      ),
      {
        allowPrivate: target.allowPrivate,
        timeoutMs: Math.min(timeoutMs, target.limits.timeoutSeconds * 1_000),
        responseBytes: target.limits.responseBytes,
        ...(signal ? { signal } : {}),
        ...(resolve ? { resolve } : {}),
        ...(ca ? { ca } : {}),
      },
    );
    const etag = answer.headers.etag;
    if (answer.status === 200 && etag !== undefined && /^"[\x21\x23-\x7e]{0,500}"$/.test(etag)) {
      return { etag, unknown: null, note: null };
    }
    const note =
      answer.status === 200
        ? 'The service names no version of it (a strong ETag), so a change in between would not be noticed.'
        : `The service answered ${answer.status} when it was asked for the current state.`;
    return { etag: null, unknown: null, note };
  } catch (error) {
    if (!(error instanceof HttpFault)) throw error;
    const message = `The current state could not be asked for: ${error.message}`;
    return {
      etag: null,
      note: null,
      unknown: { code: 'target_unreachable', resource: http.operation.name, message },
    };
  }
}
