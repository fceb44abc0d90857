import { ShieldCheck, ShieldX } from 'lucide-react';
import { RelativeTime } from '@/components/ui/relative-time';
import { spanWords } from '@/components/ui/time-words';
import type { DrillAnswer } from '@/server/domain/drill-views';
import { ANSWERS } from './drill-words';

/** Who answered a drill, how, and after how long a look. */
export function Answers({ answers }: { answers: readonly DrillAnswer[] }) {
  if (answers.length === 0) return null;
  return (
    <ul className="mt-2 space-y-1 text-base">
      {answers.map((answer) => (
        <li key={`${answer.personId} ${answer.at}`} className="flex flex-wrap items-center gap-x-2">
          {answer.decision === 'approve' ? (
            <ShieldX aria-hidden className="size-4 text-danger-text" />
          ) : (
            <ShieldCheck aria-hidden className="size-4 text-good-text" />
          )}
          <span>
            <span className="font-medium">{answer.name}</span> {ANSWERS[answer.decision]}
            {answer.lookedMs === null ? '' : ` after ${spanWords(answer.lookedMs / 1_000)} on its page`}
          </span>
          <RelativeTime at={answer.at} focusable className="text-faint text-sm" />
        </li>
      ))}
    </ul>
  );
}
