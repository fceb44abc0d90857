import { CircleCheck, CircleDashed } from 'lucide-react';
import { InertText } from '@/components/agent-words/inert-text';
import { Card } from '@/components/ui/card';
import { LevelBadge } from '@/components/ui/level-badge';
import { Link } from '@/components/ui/link';
import { RelativeTime } from '@/components/ui/relative-time';
import { StatusBadge } from '@/components/ui/status-badge';
import type { ToolView } from '@/server/domain/tool-views';

/** Who used the tool lately, and for what. */
export function ToolUses({ tool }: { tool: ToolView }) {
  return (
    <Card id="uses" title="Lately used by" flush>
      {tool.recent.length === 0 ? (
        <p className="px-4 py-4 text-base text-soft sm:px-5">No agent has planned anything with it yet.</p>
      ) : (
        <>
          <p className="flex flex-wrap gap-x-4 gap-y-1 px-4 pt-3 text-sm sm:px-5">
            {tool.agents.map((agent) => (
              <Link key={agent.id} href={`/agents/${agent.id}`} className="underline underline-offset-4">
                {agent.name}
              </Link>
            ))}
          </p>
          <ul className="mt-2 divide-y divide-line">
            {tool.recent.map((action) => (
              <li key={action.actionId}>
                <Link
                  href={`/actions/${action.actionId}`}
                  className="flex min-h-12 flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2 hover:bg-hover sm:px-5"
                >
                  <LevelBadge level={action.level} />
                  <span className="min-w-0 flex-1 basis-64 text-base">
                    <InertText text={action.sentence || 'Not measured yet'} />
                  </span>
                  <StatusBadge status={action.status} />
                  <RelativeTime at={action.at} className="text-faint text-sm" />
                </Link>
              </li>
            ))}
          </ul>
        </>
      )}
    </Card>
  );
}

/** Every definition the tool has had, newest first, with who confirmed it and why. */
export function DefinitionHistory({ tool }: { tool: ToolView }) {
  return (
    <Card id="history" title="Definitions">
      <p className="text-faint text-sm">
        Now <code className="[overflow-wrap:anywhere]">{tool.pinHash}</code>
      </p>
      <ol className="mt-3 space-y-3">
        {tool.history.map((entry) => (
          <li key={entry.writtenAt + entry.pinHash} className="flex gap-3 text-base">
            {entry.confirmedAt === null ? (
              <CircleDashed aria-label="not confirmed" className="mt-0.5 size-4.5 shrink-0 text-hold-text" />
            ) : (
              <CircleCheck aria-label="confirmed" className="mt-0.5 size-4.5 shrink-0 text-good-text" />
            )}
            <p className="min-w-0">
              <code className="text-sm">{entry.pinHash.slice(0, 12)}</code> written by {entry.writtenBy}{' '}
              <RelativeTime at={entry.writtenAt} className="text-faint text-sm" />
              {entry.confirmedBy === null ? ', confirmed by nobody' : `, confirmed by ${entry.confirmedBy}`}
              {entry.reason ? `: “${entry.reason}”` : ''}
            </p>
          </li>
        ))}
        {tool.history.length === 0 ? (
          <li className="text-base text-soft">It has been as it is since before definitions were kept.</li>
        ) : null}
      </ol>
    </Card>
  );
}
