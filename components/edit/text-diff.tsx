import { diffLines } from 'diff';
import { InertText } from '@/components/agent-words/inert-text';
import { cn } from '@/components/ui/cn';

type Line = { key: string; sign: '+' | '-' | ' '; text: string };

const WORDS = { '+': 'added', '-': 'removed', ' ': '' } as const;

function linesOf(before: string, after: string): Line[] {
  return diffLines(before, after).flatMap((part, p) => {
    const sign = part.added ? '+' : part.removed ? '-' : ' ';
    return part.value
      .replace(/\n$/, '')
      .split('\n')
      .map((text, l): Line => ({ key: `${p}.${l}`, sign, text }));
  });
}

/** Two texts line by line: what went in red with a minus, what came in green with a plus. */
export function TextDiff({ before, after, label }: { before: string; after: string; label: string }) {
  return (
    <ol
      aria-label={label}
      className="max-h-72 overflow-y-auto rounded-lg border border-line bg-sunken py-1.5 font-mono text-sm"
    >
      {linesOf(before, after).map(({ key, sign, text }) => (
        <li
          key={key}
          className={cn(
            'flex gap-2 px-3 [overflow-wrap:anywhere]',
            sign === '+' && 'bg-good-tint text-good-text',
            sign === '-' && 'bg-danger-tint text-danger-text',
          )}
        >
          <span aria-hidden className="w-3 shrink-0 select-none">
            {sign}
          </span>
          {sign === ' ' ? null : <span className="sr-only">{WORDS[sign]}: </span>}
          <span className="min-w-0 whitespace-pre-wrap">
            <InertText text={text === '' ? ' ' : text} />
          </span>
        </li>
      ))}
    </ol>
  );
}
