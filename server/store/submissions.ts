import type pg from 'pg';
import type { AuditEvent, Notice } from '@/server/domain/audit-event';
import type { BlastRadius } from '@/server/domain/blast-radius';
import type { ExposureRow } from '@/server/domain/exposure';
import type { Footprint } from '@/server/domain/footprint';
import type { Spent } from '@/server/domain/mandate';
import type { RefusalCode } from '@/server/domain/refusal';
import type { StoredFacts } from '@/server/domain/stored-facts';
import type { Obligation, Verdict } from '@/server/domain/verdict';
import type { ExecutionMode, Level } from '@/server/domain/vocabulary';

/** Everything one submission writes. `status` is already judged; the database only re-checks what a cache may have missed. */
export type Submission = {
  id: string;
  workspaceId: string;
  agentId: string;
  agentName: string;
  keyId: string;
  runId: string | null;
  toolId: string;
  toolName: string;
  toolHash: string;
  targetId: string | null;
  execution: ExecutionMode;
  args: Readonly<Record<string, unknown>>;
  reason: string | null;
  digest: string;
  idempotencyKey: string | null;
  status: 'measuring' | 'released' | 'held' | 'denied';
  footprint?: Footprint;
  footprintDigest?: string;
  blastRadius?: BlastRadius;
  sentence?: string;
  level?: Level;
  imagesTotal?: number | null;
  /** What the verdict was given by, beside footprint and blast radius. */
  facts?: StoredFacts;
  /** The policy it was judged under; the database refuses what is not in force. */
  policy?: string;
  verdict?: Verdict;
  obligation?: Obligation;
  needed?: number;
  /** Life of the hold or of the release. */
  expirySeconds?: number;
  /** From when the agent sees it held; only for what is measured on a target. */
  settlesAt?: string;
  leaseHolder?: string;
  leaseSeconds?: number;
  releaseId?: string;
  events: Omit<AuditEvent, 'workspaceId' | 'actionId' | 'digest' | 'footprintDigest'>[];
  notices: Pick<Notice, 'topic' | 'payload'>[];
  /** What the verdict rests on: nothing is written when the run has come across more since, or its agent has come to know more. */
  runRevision?: number | null;
  exposureRevision?: number | null;
  /** Whether its release tells the run that it has read something new. */
  addsLabels?: boolean;
  /** What becomes known with the release; only for what adds something. */
  exposure?: ExposureRow[];
  /** What its release takes of its run's mandate; only where that has one. */
  spends?: Omit<Spent, 'calls'>;
  /** Sealed row images, base64. */
  chunks?: { chunk: number; size: number; sealed: string }[];
};

/**
 * Null: written. `duplicate`: this agent used the idempotency key before. `stale`: judge again by what is known now. `policy_changed`: judged
 * under a version that is not in force, judge again. Otherwise why nothing was
 * written.
 */
export type SubmissionCode = null | 'duplicate' | 'stale' | 'policy_changed' | RefusalCode;

type Waiting = { item: Submission; resolve(code: SubmissionCode): void; reject(error: unknown): void };

const MAX_BATCH = 64;
/**
 * Batches on their way at once. While one waits for its fsync the next is being written, and PostgreSQL flushes both together. Three rounds
 * each on a busy machine, share of the floor of `npm run bench`: two lanes 0.49 to 0.54, four 0.58 to 0.65, eight 0.51 to 0.71.
 */
const LANES = 4;
/** More than this waiting means the database does not keep up: newcomers are told so instead of filling memory. */
const MAX_WAITING = 10_000;

function toWire(item: Submission, i: number) {
  const { events, exposure = [], ...rest } = item;
  return {
    ...rest,
    i,
    ...(exposure.length === 0 ? {} : { exposure: exposure.map(toWireRow) }),
    events: events.map((e) => ({
      kind: e.kind,
      actorKind: e.actor.kind,
      actorId: e.actor.id,
      actorName: e.actor.name,
      data: e.data ?? {},
    })),
  };
}

const toWireRow = (row: ExposureRow) => ({ ...row, subjects: row.subjects?.toString('base64') ?? null });

/**
 * Group commit: while a batch is being written newcomers queue, and the next batch takes them all in one statement and one fsync. Each caller
 * hears only of its own item, after the commit (P9). One bad item never fails its neighbours.
 */
export class SubmissionWriter {
  private readonly queue: Waiting[] = [];
  private inFlight = 0;
  constructor(private readonly pool: pg.Pool) {}

  write(item: Submission): Promise<SubmissionCode> {
    if (this.queue.length >= MAX_WAITING) return Promise.resolve('unavailable');
    return new Promise((resolve, reject) => {
      this.queue.push({ item, resolve, reject });
      // At the end of this turn of the event loop, so that everything that arrived in it shares a batch. A microtask was too early: every
      // second batch held a single item and took a lane (and an fsync) for itself; median size 1, now 6 to 11.
      if (this.inFlight < LANES) setImmediate(() => void this.pump());
    });
  }

  private async pump(): Promise<void> {
    if (this.inFlight >= LANES || this.queue.length === 0) return;
    this.inFlight += 1;
    const batch = this.queue.splice(0, MAX_BATCH);
    try {
      await this.writeBatch(batch);
    } finally {
      this.inFlight -= 1;
      void this.pump();
    }
  }

  private async writeBatch(batch: Waiting[]): Promise<void> {
    try {
      const codes = await this.submit(batch.map((w) => w.item));
      for (const [i, waiting] of batch.entries()) waiting.resolve(codes[i] ?? null);
    } catch (error) {
      const [only] = batch;
      if (only !== undefined && batch.length === 1) only.reject(error);
      // Which item it was is unknown, and a connection may be at fault: write them one by one. The ids make that safe: an item whose batch did
      // commit before the connection broke comes back as a primary key violation, which means written.
      else for (const waiting of batch) await this.writeAlone(waiting);
    }
  }

  private async writeAlone(waiting: Waiting): Promise<void> {
    try {
      waiting.resolve((await this.submit([waiting.item]))[0] ?? null);
    } catch (error) {
      if (isOwnId(error)) waiting.resolve(null);
      else waiting.reject(error);
    }
  }

  private async submit(items: Submission[]): Promise<SubmissionCode[]> {
    const { rows } = await this.pool.query<{ i: number; code: SubmissionCode }>({
      name: 'submit_actions',
      text: 'SELECT i, code FROM submit_actions($1)',
      values: [JSON.stringify(items.map(toWire))],
    });
    // Null means written: an item nobody answered for must never read as such.
    if (rows.length !== items.length) throw new Error('not every submission of a batch was answered');
    return rows.map((row) => row.code);
  }
}

function isOwnId(error: unknown): boolean {
  const e = error as { code?: string; constraint?: string };
  return e.code === '23505' && e.constraint === 'planned_action_pkey';
}
