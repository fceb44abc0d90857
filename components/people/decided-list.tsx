import Link from 'next/link';
import { Badge, type Tone } from '@/components/ui/badge';
import { LevelGlyph } from '@/components/ui/level-badge';
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
        <li
          key={`${one.actionId} ${one.at}`}
          className="flex flex-wrap items-center gap-x-4 gap-y-1.5 px-4 py-3 sm:flex-nowrap sm:px-5"
        >
          <LevelGlyph level={one.level} />
          <div className="min-w-0 flex-1 basis-64">
            <Link
              href={`/actions/${one.actionId}`}
              className="line-clamp-2 text-base underline-offset-2 hover:underline"
            >
              <span className="sr-only">{one.level}: </span>
              {one.sentence}
            </Link>
            <p className="text-faint text-sm">
              <RelativeTime at={one.at} focusable />
              {one.byGrant ? ', by a grant' : null}
              {one.lookedMs === null ? null : `, after ${spanWords(one.lookedMs / 1_000)} on its page`}
            </p>
          </div>
          <Badge tone={SAID[one.decision].tone}>{SAID[one.decision].word}</Badge>
        </li>
      ))}
    </ul>
  );
}
