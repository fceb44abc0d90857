import { AgentWords } from '@/components/agent-words/agent-words';
import { InertText } from '@/components/agent-words/inert-text';
import { cn } from '@/components/ui/cn';
import { Link } from '@/components/ui/link';
import { RelativeTime } from '@/components/ui/relative-time';
import { StatusBadge } from '@/components/ui/status-badge';
import type { ActionDetail, RunStepView } from '@/server/domain/views';

function Step({ step, here }: { step: RunStepView; here: boolean }) {
  return (
    <li className={cn('flex flex-wrap items-center gap-x-3 gap-y-1 px-3 py-2', here && 'bg-hold-tint')}>
      <StatusBadge status={step.status} />
      {here ? (
        <span className="min-w-0 flex-1 truncate font-medium" aria-current="step">
          {step.sentence}
        </span>
      ) : (
        <Link
          href={`/actions/${step.actionId}`}
          className="min-w-0 flex-1 truncate underline-offset-2 hover:underline"
        >
          {step.sentence}
        </Link>
      )}
      <span className="text-faint text-sm">{here ? 'this one' : <RelativeTime at={step.at} />}</span>
    </li>
  );
}

/** Goal, mandate and reason in the agent's own words, then the run so far in Holdpoint's. Below the facts, always. */
export function AgentsStory({ action }: { action: ActionDetail }) {
  const { run } = action;
  const mandate = run?.mandate ? JSON.stringify(run.mandate, null, 2) : null;
  return (
    <div className="space-y-5">
      <p className="text-faint text-sm">
        Quoted as the agent wrote it. Holdpoint checked none of it, and nothing in the boxes can be clicked.
      </p>
      {run ? <AgentWords label="Its goal in this run" text={run.goal} /> : null}
      {action.reason ? (
        <AgentWords label="Why it wants to do this" text={action.reason} />
      ) : (
        <p className="text-soft">It gave no reason.</p>
      )}
      {mandate ? <AgentWords label="The mandate it was started with" text={mandate} /> : null}
      {run?.onBehalfOf ? (
        <p className="text-base">
          Runs on behalf of{' '}
          <strong className="font-medium">
            <InertText text={run.onBehalfOf} />
          </strong>
        </p>
      ) : null}
      {run && run.steps.length > 0 ? (
        <div>
          <div className="mb-1.5 flex flex-wrap items-center justify-between gap-x-4">
            <h3 className="font-medium text-soft text-sm">The run so far, in Holdpoint’s words</h3>
            <Link
              href={`/runs/${run.id}`}
              className="inline-flex min-h-6 items-center text-soft text-sm underline underline-offset-2 hover:text-ink"
            >
              The whole run
            </Link>
          </div>
          <ol className="divide-y divide-line rounded-md border border-line">
            {run.steps.map((step) => (
              <Step key={step.actionId} step={step} here={step.actionId === action.actionId} />
            ))}
          </ol>
        </div>
      ) : null}
    </div>
  );
}
