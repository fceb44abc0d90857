// The other side of workbench.ts: a process of its own, so that judging a hundred thousand actions delays nobody else's.
import type { PolicyEntry, PolicySet } from '@/server/domain/policy-set';
import type { RecordedAction } from '@/server/domain/ports';
import { createComparison } from './compare';
import { reportOn } from './report-on';

export type Job =
  | { kind: 'report'; set: PolicySet }
  | { kind: 'open'; session: number; before: PolicyEntry[]; after: PolicyEntry[] }
  | { kind: 'judge'; session: number; actions: RecordedAction[] }
  | { kind: 'close'; session: number };

const sessions = new Map<number, ReturnType<typeof createComparison>>();

function work(job: Job): unknown {
  switch (job.kind) {
    case 'report':
      return reportOn(job.set);
    case 'open':
      sessions.set(job.session, createComparison(job.before, job.after));
      return null;
    case 'judge': {
      const judge = sessions.get(job.session);
      if (judge === undefined) throw new Error('this comparison was closed');
      return judge(job.actions);
    }
    case 'close':
      sessions.delete(job.session);
      return null;
  }
}

process.on('message', ({ id, job }: { id: number; job: Job }) => {
  try {
    process.send?.({ id, ok: true, value: work(job) });
  } catch (error) {
    process.send?.({ id, ok: false, error: error instanceof Error ? error.message : String(error) });
  }
});
// Whoever started it is gone: nobody waits for an answer any more.
process.on('disconnect', () => process.exit(0));
