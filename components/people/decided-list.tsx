import { ActionLine } from '@/components/apply/action-line';
import { Badge, type Tone } from '@/components/ui/badge';
import { RelativeTime } from '@/components/ui/relative-time';
import { spanWords } from '@/components/ui/time-words';
import type { DecidedView } from '@/server/domain/catalog-views';

const SAID: Record<DecidedView['decision'], { word: string; tone: Tone }> = {
  approve: { word: 'approved', tone: 'good' },
  reject: { word: 'rejected', tone: 'danger' },
  send_back: { word: 'sent back', tone: 'caution' },
};

/** A person's answers, newest first, with how long they looked before each. */
export function DecidedList({ decided, isYou }: { decided: readonly DecidedView[]; isYou: boolean }) {
  if (decided.length === 0) {
    return (
      <p className="px-4 py-5 text-base text-soft sm:px-5">
        Nothing{isYou ? '' : ', or nothing that is over: votes are blind while an action is held'}.
      </p>
    );
  }
  return (
    <ul className="divide-y divide-line">
      {decided.map((one) => (
        <ActionLine
          key={`${one.actionId} ${one.at}`}
          action={one}
          aside={<Badge tone={SAID[one.decision].tone}>{SAID[one.decision].word}</Badge>}
        >
          <RelativeTime at={one.at} focusable />
          {one.byGrant ? ', by a grant' : null}
          {one.lookedMs === null ? null : `, after ${spanWords(one.lookedMs / 1_000)} on its page`}
        </ActionLine>
      ))}
    </ul>
  );
}
