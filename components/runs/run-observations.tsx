import { InertText } from '@/components/agent-words/inert-text';
import { counted } from '@/components/ui/number-words';
import { RelativeTime } from '@/components/ui/relative-time';
import type { RunDetail } from '@/server/domain/run-views';

/** What the agent says it saw elsewhere: which tool answered, when, how much. Not what: nobody has classified it. */
export function RunObservations({ run }: { run: RunDetail }) {
  if (run.observations.length === 0) {
    return (
      <p className="text-soft">
        It reported nothing. What agents report (agent.observe) lets Holdpoint say where an argument came
        from.
      </p>
    );
  }
  const more = run.observed - run.observations.length;
  return (
    <>
      <ul className="divide-y divide-line rounded-md border border-line">
        {run.observations.map((seen) => (
          <li key={seen.observationId} className="flex flex-wrap items-center gap-x-4 gap-y-1 px-3 py-2">
            <code className="min-w-0 basis-full text-sm sm:flex-1 sm:basis-0 [overflow-wrap:anywhere]">
              <InertText text={seen.tool} />
            </code>
            <span className="text-faint text-sm">{counted(seen.characters, 'character')}</span>
            <span className="text-faint text-sm">
              {seen.trusted ? 'the agent trusts it' : 'not trusted'} · <RelativeTime at={seen.at} />
            </span>
          </li>
        ))}
      </ul>
      {more > 0 ? (
        <p className="mt-2 text-faint text-sm">
          The latest {run.observations.length}; {run.observed >= run.cap ? `${more} or more` : more} earlier.
        </p>
      ) : null}
    </>
  );
}
