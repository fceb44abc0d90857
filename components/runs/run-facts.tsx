import type { ReactNode } from 'react';
import { InertText } from '@/components/agent-words/inert-text';
import { Link } from '@/components/ui/link';
import { countWords } from '@/components/ui/number-words';
import { RelativeTime } from '@/components/ui/relative-time';
import { StatusBadge } from '@/components/ui/status-badge';
import type { RunDetail } from '@/server/domain/run-views';
import { stepsWords } from './run-row';

const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
  <div className="min-w-0">
    <dt className="text-faint text-sm">{name}</dt>
    <dd className="mt-0.5 text-base [overflow-wrap:anywhere]">{children}</dd>
  </div>
);

/** Who, for whom, since when, how far. */
export function RunFacts({ run }: { run: RunDetail }) {
  const { onBehalfOf } = run;
  return (
    <dl className="grid gap-x-6 gap-y-4 sm:grid-cols-3">
      <Fact name="Agent">
        <Link href={`/agents/${run.agent.id}`} className="underline underline-offset-2">
          {run.agent.name}
        </Link>
        <span className="text-soft">, owned by {run.owner.name}</span>
      </Fact>
      <Fact name="On behalf of">
        {onBehalfOf === null ? (
          <span className="text-soft">nobody</span>
        ) : onBehalfOf.person === null ? (
          <>
            “<InertText text={onBehalfOf.text} />”{' '}
            <span className="text-soft">(nobody of this workspace)</span>
          </>
        ) : (
          <>
            {onBehalfOf.person} <span className="text-soft">(no vote on it)</span>
          </>
        )}
      </Fact>
      <Fact name={run.finishedAt ? 'Ended' : 'Began'}>
        <RelativeTime at={run.finishedAt ?? run.startedAt} focusable />
        {run.finishedAt ? (
          <span className="text-soft">
            {' '}
            by the agent itself; began <RelativeTime at={run.startedAt} focusable />
          </span>
        ) : null}
      </Fact>
      <div className="sm:col-span-3">
        <dt className="text-faint text-sm">Steps</dt>
        <dd className="mt-1.5 flex flex-wrap items-center gap-x-4 gap-y-2">
          <span>{run.steps === 0 ? 'none yet' : stepsWords(run.steps, run.cap)}</span>
          {run.statuses.map(({ status, steps }) => (
            <span key={status} className="inline-flex items-center gap-1.5 text-soft text-sm">
              <span className="tabular">{countWords(steps)}</span> <StatusBadge status={status} />
            </span>
          ))}
        </dd>
      </div>
    </dl>
  );
}
