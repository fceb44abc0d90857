import { AgentWords } from '@/components/agent-words/agent-words';
import { InertText } from '@/components/agent-words/inert-text';
import type { RunDetail } from '@/server/domain/run-views';

/** Goal, mandate and outcome in the agent's own words. */
export function RunStory({ run }: { run: RunDetail }) {
  return (
    <div className="space-y-5">
      <p className="text-faint text-sm">
        Quoted as the agent wrote it. Holdpoint checked none of it, and nothing in the boxes can be clicked.
      </p>
      <AgentWords label="Its goal" text={run.goal} />
      {run.mandate === null || run.mandate === undefined ? (
        <p className="text-soft">It was started without a mandate.</p>
      ) : (
        <AgentWords label="The mandate it was started with" text={JSON.stringify(run.mandate, null, 2)} />
      )}
      {run.outcome === null ? null : <AgentWords label="How it says it ended" text={run.outcome} />}
      {run.externalId === null ? null : (
        <p className="text-base">
          The agent calls this run{' '}
          <code className="text-sm [overflow-wrap:anywhere]">
            <InertText text={run.externalId} />
          </code>
        </p>
      )}
    </div>
  );
}
