import { InertText } from '@/components/agent-words/inert-text';
import { Badge } from '@/components/ui/badge';
import { Link } from '@/components/ui/link';
import { counted, countWords } from '@/components/ui/number-words';
import { RelativeTime } from '@/components/ui/relative-time';
import type { RunListItem } from '@/server/domain/run-views';

/** The goal fits two lines; what an agent writes beyond that is for the run's own page. */
const GOAL_CHARACTERS = 300;

export const stepsWords = (steps: number, cap: number): string =>
  steps >= cap ? `${countWords(cap)} steps or more` : counted(steps, 'step');

/** One run in a list: its goal in the agent's words, who runs it, how far it is. The whole row is the link. */
export function RunRow({ run, withAgent = true }: { run: RunListItem; withAgent?: boolean }) {
  return (
    <li className="relative flex flex-col gap-x-6 gap-y-2 px-4 py-3.5 hover:bg-hover sm:flex-row sm:items-center sm:justify-between sm:px-5">
      <div className="min-w-0">
        <Link
          href={`/runs/${run.runId}`}
          className="line-clamp-2 text-base after:absolute after:inset-0 [overflow-wrap:anywhere]"
        >
          “<InertText text={run.goal.slice(0, GOAL_CHARACTERS)} />
          {run.goal.length > GOAL_CHARACTERS ? '…' : ''}”
        </Link>
        <p className="mt-0.5 flex flex-wrap items-center gap-x-2 text-faint text-sm">
          {withAgent ? (
            <>
              <span className="text-soft">{run.agent.name}</span>
              <span aria-hidden>·</span>
            </>
          ) : null}
          <span>{run.steps === 0 ? 'no step yet' : stepsWords(run.steps, run.cap)}</span>
          <span aria-hidden>·</span>
          <span>
            began <RelativeTime at={run.startedAt} />
          </span>
        </p>
      </div>
      <p className="flex shrink-0 flex-wrap items-center gap-2 sm:justify-end">
        {run.held > 0 ? <Badge tone="hold">{run.held} held</Badge> : null}
        {run.finishedAt ? <Badge>ended</Badge> : <Badge tone="notice">going on</Badge>}
      </p>
    </li>
  );
}
