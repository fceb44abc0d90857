import { InertText } from '@/components/agent-words/inert-text';
import { Callout } from '@/components/ui/callout';
import { RelativeTime } from '@/components/ui/relative-time';
import type { ActionDetail } from '@/server/domain/views';
import { endingWords } from './ending-words';

/** Where the focus goes once a decision has taken the bar away. */
export const ENDING_ID = 'ending';

/** What happened after the decision, first thing on the page once there is something to say. */
export function EndingCard({ action }: { action: ActionDetail }) {
  const ending = endingWords(action);
  if (!ending) return null;
  const at = action.finishedAt ?? action.decidedAt;
  return (
    <div id={ENDING_ID} tabIndex={-1} className="rounded-lg">
      <Callout
        role="status"
        tone={ending.tone}
        title={
          <span className="flex flex-wrap items-baseline justify-between gap-x-4">
            {ending.title}
            {at ? <RelativeTime at={at} focusable className="font-normal text-faint text-sm" /> : null}
          </span>
        }
      >
        <p>{ending.text}</p>
        {action.outcome?.error ? (
          <p className="mt-2 font-mono text-sm [overflow-wrap:anywhere]">
            <span className="mr-2 font-medium">{action.outcome.error.code}</span>
            <InertText text={action.outcome.error.message} />
          </p>
        ) : null}
        {action.outcome?.truncated ? (
          <p className="mt-1 text-sm">
            The agent received only the first part of the result: it was longer than the cap.
          </p>
        ) : null}
        {action.outcome?.evidence ? (
          <p className="mt-1 text-faint text-sm">
            Evidence in the target: <code>{action.outcome.evidence}</code>
          </p>
        ) : null}
        {action.note ? (
          <blockquote className="mt-2 whitespace-pre-wrap border-line-strong border-l-2 pl-3 text-ink">
            <InertText text={action.note} />
          </blockquote>
        ) : null}
      </Callout>
    </div>
  );
}
