'use client';
import { CircleCheck, OctagonPause, Play } from 'lucide-react';
import { InertText } from '@/components/agent-words/inert-text';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { RelativeTime } from '@/components/ui/relative-time';
import { spanWords } from '@/components/ui/time-words';
import type { HaltView } from '@/server/domain/views';
import { HaltedWhat } from './halted-what';

function Halt({ halt, onLift }: { halt: HaltView; onLift: ((halt: HaltView) => void) | undefined }) {
  const lasted = halt.liftedAt
    ? spanWords((Date.parse(halt.liftedAt) - Date.parse(halt.engagedAt)) / 1000)
    : null;
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-3 px-4 py-4 sm:px-5">
      {lasted === null ? (
        <OctagonPause aria-hidden className="mt-0.5 size-4.5 shrink-0 text-danger-text" />
      ) : (
        <CircleCheck aria-hidden className="mt-0.5 size-4.5 shrink-0 text-faint" />
      )}
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-x-2.5 gap-y-1 font-medium text-base">
          <HaltedWhat halt={halt} />
          <span className="font-normal text-faint text-sm">{halt.scope}</span>
          <Badge tone={lasted === null ? 'danger' : 'neutral'}>
            {lasted === null ? 'in force' : `lifted after ${lasted}`}
          </Badge>
        </p>
        <p className="mt-1 text-base [overflow-wrap:anywhere]">
          <InertText text={halt.reason} />
        </p>
        <p className="mt-1 text-faint text-sm">
          {halt.engagedBy}, <RelativeTime at={halt.engagedAt} focusable />
          {halt.liftedAt ? (
            <>
              . Lifted by {halt.liftedBy}, <RelativeTime at={halt.liftedAt} focusable />
              {halt.liftReason ? (
                <>
                  : “<InertText text={halt.liftReason} />”
                </>
              ) : null}
            </>
          ) : null}
        </p>
      </div>
      {lasted !== null || !onLift ? null : halt.liftedOnlyBy ? (
        <p className="max-w-56 text-soft text-sm">
          You engaged it, so somebody else lifts it: {halt.liftedOnlyBy.slice(0, 5).join(', ')}.
        </p>
      ) : (
        <Button onClick={() => onLift(halt)}>
          <Play /> Lift…
        </Button>
      )}
    </li>
  );
}

/** Halts in force first, then those that were. `onLift` is absent for people who may not lift. */
export function HaltList({
  halts,
  onLift,
}: {
  halts: HaltView[];
  onLift?: ((halt: HaltView) => void) | undefined;
}) {
  if (halts.length === 0) {
    return (
      <EmptyState icon={<OctagonPause />} title="Nothing was ever halted here">
        A halt stops one agent, run, tool or target, or everything at once, and beats every approval. Engage
        one with “Halt” at the top of any page; try it, nothing is lost.
      </EmptyState>
    );
  }
  const sorted = [...halts].sort((a, b) => Number(a.liftedAt !== null) - Number(b.liftedAt !== null));
  return (
    <ul className="divide-y divide-line">
      {sorted.map((halt) => (
        <Halt key={halt.haltId} halt={halt} onLift={onLift} />
      ))}
    </ul>
  );
}
