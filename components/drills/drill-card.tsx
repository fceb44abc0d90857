'use client';
import { useQuery } from '@tanstack/react-query';
import { ENDING_ID, EndingCard } from '@/components/action/ending-card';
import { useMe } from '@/components/api/me';
import { useTRPC } from '@/components/api/trpc';
import { Callout } from '@/components/ui/callout';
import { RelativeTime } from '@/components/ui/relative-time';
import type { DrillView } from '@/server/domain/drill-views';
import type { ActionDetail } from '@/server/domain/views';
import { Answers } from './answers';
import { OUTCOMES } from './drill-words';

function titleOf(drill: DrillView, personId: string): string {
  const own = drill.answers.find((answer) => answer.personId === personId);
  if (own === undefined) return 'This is a drill';
  return own.decision === 'approve'
    ? 'This was a drill, and you approved it'
    : 'This was a drill, and you caught it';
}

function Disclosed({ drill }: { drill: DrillView }) {
  const me = useMe();
  const missed = drill.answers.some((a) => a.personId === me.personId && a.decision === 'approve');
  return (
    <div id={ENDING_ID} tabIndex={-1} className="rounded-lg">
      <Callout
        role="status"
        tone={missed || drill.outcome === 'missed' || drill.outcome === 'let_through' ? 'danger' : 'good'}
        title={
          <span className="flex flex-wrap items-baseline justify-between gap-x-4">
            {titleOf(drill, me.personId)}
            <RelativeTime at={drill.at} focusable className="font-normal text-faint text-sm" />
          </span>
        }
      >
        <p>
          {drill.agent} never planned it, and nothing of it runs, whatever anybody answers. {drill.startedBy}{' '}
          made it up. {OUTCOMES[drill.outcome].says}
        </p>
        <p className="mt-2">
          <strong className="font-semibold">What there was to see.</strong> {drill.lesson}
        </p>
        <Answers answers={drill.answers} />
      </Callout>
    </div>
  );
}

/** What became of an action, first thing on its page; of a drill, for those who may know, that it was one. */
export function EndingOrDrill({ action }: { action: ActionDetail }) {
  const { actionId, ballots, status } = action;
  // Asked anew with every answer: the one who gives it is told at once.
  const drill = useQuery(useTRPC().drill.of.queryOptions({ actionId }, { staleTime: 0 }));
  const isOver = status !== 'held' && status !== 'measuring';
  if (drill.data) return <Disclosed drill={drill.data} />;
  // An ending that might still turn out to be a drill's is not told as another one first.
  if (drill.isPending && (isOver || ballots.yours !== null) && action.status === 'cancelled') return null;
  return <EndingCard action={action} />;
}
