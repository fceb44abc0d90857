import { type Refusal, refuse } from '@/server/domain/refusal';

type Bucket = { tokens: number; at: number };
const MOST_REMEMBERED = 10_000;

export type CallRate = (agentId: string, nowMs: number, calls?: number) => Refusal | null;

/**
 * A token bucket per agent in this process: `perSecond` calls a second, one second's worth at once. It stops an agent that runs wild from
 * starving the others; it is no quota (each process counts for itself).
 */
export function createCallRate(perSecond: number): CallRate {
  const buckets = new Map<string, Bucket>();
  return (agentId, nowMs, calls = 1) => {
    let bucket = buckets.get(agentId);
    if (bucket === undefined) {
      if (buckets.size >= MOST_REMEMBERED) buckets.clear();
      bucket = { tokens: perSecond, at: nowMs };
      buckets.set(agentId, bucket);
    }
    const elapsed = Math.max(0, nowMs - bucket.at);
    bucket.tokens = Math.min(perSecond, bucket.tokens + (elapsed * perSecond) / 1000);
    bucket.at = nowMs;
    if (bucket.tokens >= calls) {
      bucket.tokens -= calls;
      return null;
    }
    const seconds = Math.max(1, Math.ceil((Math.min(calls, perSecond) - bucket.tokens) / perSecond));
    return refuse(
      'rate_limited',
      `This agent calls more than ${perSecond} times a second. Wait ${seconds} second${seconds === 1 ? '' : 's'} and slow down.`,
      { retryAfterSeconds: seconds },
    );
  };
}
