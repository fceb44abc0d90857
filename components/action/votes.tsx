import { CornerUpLeft, EyeOff, ThumbsDown, ThumbsUp } from 'lucide-react';
import { InertText } from '@/components/agent-words/inert-text';
import { Link } from '@/components/ui/link';
import { RelativeTime } from '@/components/ui/relative-time';
import type { ActionDetail, VoteView } from '@/server/domain/views';

const LOOK = {
  approve: { icon: ThumbsUp, word: 'approved', text: 'text-good-text' },
  reject: { icon: ThumbsDown, word: 'rejected', text: 'text-danger-text' },
  send_back: { icon: CornerUpLeft, word: 'sent back', text: 'text-caution-text' },
} as const;

function Vote({ vote }: { vote: VoteView }) {
  const { icon: Icon, word, text } = LOOK[vote.decision];
  return (
    <li className="flex gap-3 py-2">
      <Icon aria-hidden className={`mt-0.5 size-4.5 shrink-0 ${text}`} />
      <div className="min-w-0">
        <p>
          <strong className="font-medium">{vote.name}</strong> {word}
          {vote.grantId ? (
            <>
              {' '}
              in advance, by{' '}
              <Link href="/grants" className="underline underline-offset-2">
                a grant
              </Link>
            </>
          ) : null}{' '}
          <RelativeTime at={vote.at} focusable className="text-faint text-sm" />
        </p>
        {vote.note ? (
          <p className="mt-0.5 whitespace-pre-wrap text-soft">
            <InertText text={vote.note} />
          </p>
        ) : null}
      </div>
    </li>
  );
}

/** Who decided what: hidden until one's own answer is given or it is over. */
export function Votes({ action }: { action: ActionDetail }) {
  const { visible, yours, count } = action.ballots;
  const shown = visible ?? (yours ? [yours] : []);
  if (count === 0) return null;
  const hidden = count - shown.length;
  return (
    <div className="mt-4 border-line border-t pt-2">
      <h3 className="pt-1 font-medium text-faint text-sm">Decisions</h3>
      <ul className="divide-y divide-line">
        {shown.map((vote) => (
          <Vote key={vote.personId} vote={vote} />
        ))}
      </ul>
      {hidden > 0 ? (
        <p className="flex gap-2 py-2 text-soft">
          <EyeOff aria-hidden className="mt-0.5 size-4.5 shrink-0 text-faint" />
          {hidden === 1 ? 'One person has' : `${hidden} people have`} decided. Who and how stays hidden until
          you have decided yourself or it is over.
        </p>
      ) : null}
    </div>
  );
}
