import { useMemo } from 'react';
import { InertText } from '@/components/agent-words/inert-text';
import { cn } from '@/components/ui/cn';
import { counted } from '@/components/ui/number-words';
import { textDiff } from './text-diff';

const LINES_MAX = 2_000;
const LOOK = {
  same: { sign: ' ', word: '', className: 'text-soft' },
  added: { sign: '+', word: 'added: ', className: 'bg-good-tint/50 text-ink' },
  removed: { sign: '−', word: 'removed: ', className: 'bg-danger-tint/50 text-ink' },
} as const;

/** The text of a file before and after, line by line. Not by colour alone: each line says by a sign what happens to it. */
export function FileDiff({ path, before, after }: { path: string; before: string; after: string }) {
  const lines = useMemo(() => textDiff(before, after), [before, after]);
  const shown = lines.slice(0, LINES_MAX);
  return (
    <section
      aria-label={`Text of ${path}`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
      tabIndex={0}
      className="max-h-96 overflow-auto rounded-md border border-line bg-sunken [contain:content]"
    >
      <pre className="py-2 font-mono text-sm leading-6">
        {shown.map((line, index) =>
          line.kind === 'skipped' ? (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines of one immutable text have no other identity
            <span key={index} className="block px-4 text-faint">
              … {counted(line.count, 'line')} that stay as they are
            </span>
          ) : (
            <span
              // biome-ignore lint/suspicious/noArrayIndexKey: as above
              key={index}
              className={cn(
                'block whitespace-pre-wrap px-4 [overflow-wrap:anywhere]',
                LOOK[line.kind].className,
              )}
            >
              <span aria-hidden className="mr-2 inline-block w-3 select-none text-faint">
                {LOOK[line.kind].sign}
              </span>
              <span className="sr-only">{LOOK[line.kind].word}</span>
              <InertText text={line.text} />
            </span>
          ),
        )}
        {lines.length > shown.length ? (
          <span className="block px-4 text-faint">
            … and {counted(lines.length - shown.length, 'more line')}
          </span>
        ) : null}
      </pre>
    </section>
  );
}
