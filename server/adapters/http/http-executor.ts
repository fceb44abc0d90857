import { ruleFor } from '@/server/domain/operation-rules';
import type {
  Executor,
  HttpResult,
  Measurement,
  PlannedCall,
  RunOptions,
  RunOutcome,
} from '@/server/domain/ports';
import { apiOf } from './api';
import { withCredentials } from './credentials';
import { type GuardedAnswer, guardedCall, type OutgoingRequest } from './guarded-client';
import type { HttpAnalyzer, HttpWorld } from './http-analyzer';
import { type HttpCall, readHttpCall } from './http-call';
import { HttpFault } from './http-fault';
import { httpResult } from './http-result';
import { readPath } from './request-path';

type Outcome = RunOutcome<HttpResult>;
const failed = (code: string, message: string): Outcome => ({ kind: 'failed', error: { code, message } });

/** Sends an approved request once, to the service and nowhere else. Never again, whatever comes back or does not. */
export class HttpExecutor implements Executor<HttpResult> {
  constructor(
    private readonly analyzer: Pick<HttpAnalyzer, 'measure'>,
    private readonly world: HttpWorld = {},
  ) {}

  async run(call: PlannedCall, options: RunOptions): Promise<Outcome> {
    const startedAt = performance.now();
    const read = readHttpCall(call);
    if (!read.ok)
      return failed('args_invalid', read.problems.map((p) => `${p.pointer} ${p.message}`).join('; '));
    const measurement = await this.analyzer.measure(call, options);
    if (!options.accept(measurement)) return { kind: 'drifted', measurement };
    if (!(await options.beforeCommit(`request ${read.http.operation.name}`))) return { kind: 'stopped' };
    if (options.signal?.aborted === true)
      return failed('aborted', 'It was stopped before anything was sent.');
    const remainingMs = Math.max(1, options.deadlineMs - (performance.now() - startedAt));
    const out = outgoing(read.http, measurement, options.actionId);
    try {
      const answer = await guardedCall(out, {
        allowPrivate: read.http.target.allowPrivate,
        timeoutMs: Math.min(remainingMs, read.http.target.limits.timeoutSeconds * 1_000),
        responseBytes: read.http.target.limits.responseBytes,
        ...(options.signal ? { signal: options.signal } : {}),
        ...(measurement.footprint.readOnly ? { mayFollow: (url: URL) => mayFollow(read.http, url) } : {}),
        ...this.world,
      });
      return await this.conclude(call, answer, measurement, out, options);
    } catch (error) {
      if (!(error instanceof HttpFault)) throw error;
      // What only reads can have changed nothing, however it ended.
      if (!error.sent || measurement.footprint.readOnly)
        return failed(error.code, `${error.message} Nothing was changed.`);
      const why = `${error.message} The request may have reached the service. Look there before doing anything again.`;
      return { kind: 'unknown_outcome', why };
    }
  }

  private async conclude(
    call: PlannedCall,
    answer: GuardedAnswer,
    measurement: Measurement,
    out: OutgoingRequest,
    options: RunOptions,
  ): Promise<Outcome> {
    const { status } = answer;
    // The service itself compared what was approved with what is there.
    if (status === 412 && out.headers['if-match'] !== undefined) {
      return { kind: 'drifted', measurement: await this.analyzer.measure(call, options) };
    }
    if (status >= 500 && !measurement.footprint.readOnly) {
      const why = `The service answered ${status}, which does not say whether it was done. Look there before doing anything again.`;
      return { kind: 'unknown_outcome', why };
    }
    const result = httpResult(answer);
    if (status < 400) return { kind: 'succeeded', measurement, result };
    return {
      kind: 'failed',
      error: { code: `http_${status}`, message: `The service refused it with ${status}.`, response: result },
    };
  }

  /** A service keeps no record that could be asked; only people can look. */
  async lookUp(): Promise<'unknown'> {
    return 'unknown';
  }
}

function outgoing(http: HttpCall, measurement: Measurement, actionId: string | undefined): OutgoingRequest {
  const etag = measurement.footprint.request?.etag ?? null;
  const changes = !measurement.footprint.readOnly;
  const headers = {
    ...http.headers,
    ...(etag === null ? {} : { 'if-match': etag }),
    ...(changes && http.target.idempotencyKey && actionId !== undefined
      ? { 'idempotency-key': actionId }
      : {}),
  };
  return withCredentials(
    { method: http.operation.method, url: http.url, headers, body: http.body },
    http.target.credentials,
  );
}

/** Another path of the same service is another operation: only one that is declared to be a read. Other hosts are the operator's to list. */
function mayFollow({ target, operation }: HttpCall, url: URL): boolean {
  const base = new URL(target.baseUrl);
  if (url.origin !== base.origin) return target.allowedHosts.includes(url.host);
  if (!url.pathname.startsWith(base.pathname.replace(/\/$/, ''))) return false;
  const path = readPath(url.pathname.slice(base.pathname.replace(/\/$/, '').length) || '/');
  if (!path.ok) return false;
  const other = apiOf(target)
    .operations.filter((o) => o.method === operation.method && fits(o.path, path.segments))
    // A literal path is meant before one with parameters that would fit as well.
    .sort((a, b) => a.path.split('{').length - b.path.split('{').length)[0];
  return other !== undefined && ruleFor(target, other).effect === 'read';
}

function fits(template: string, segments: readonly string[]): boolean {
  const parts = template.split('/').slice(1);
  return (
    parts.length === segments.length && parts.every((part, i) => part.startsWith('{') || part === segments[i])
  );
}
