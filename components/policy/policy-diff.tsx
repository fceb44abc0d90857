import { diffLines } from 'diff';
import { Badge } from '@/components/ui/badge';
import { cn } from '@/components/ui/cn';
import type { PolicyDiff as Diff, PolicyDiffEntry } from '@/server/domain/policy-change';

const WORDS = {
  added: { tone: 'good', word: 'Added' },
  changed: { tone: 'notice', word: 'Changed' },
  removed: { tone: 'danger', word: 'Removed' },
  disabled: { tone: 'caution', word: 'Disabled' },
  enabled: { tone: 'good', word: 'Enabled' },
} as const;

function Lines({ entry }: { entry: PolicyDiffEntry }) {
  const parts = diffLines(`${entry.before ?? ''}`.trimEnd(), `${entry.after ?? ''}`.trimEnd());
  return (
    <section
      className="overflow-x-auto bg-sunken py-2 font-mono text-xs leading-5 focus-visible:-outline-offset-2"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
      tabIndex={0}
      aria-label={`Text of ${entry.id}, before and after`}
    >
      {parts.flatMap((part, i) =>
        part.value
          .replace(/\n$/, '')
          .split('\n')
          .map((line, j) => {
            const Tag = part.added ? 'ins' : part.removed ? 'del' : 'div';
            return (
              <Tag
                // biome-ignore lint/suspicious/noArrayIndexKey: lines of one immutable text
                key={`${i}-${j}`}
                className={cn(
                  'block min-w-max whitespace-pre px-4 no-underline',
                  part.added && 'bg-good-tint text-good-text',
                  part.removed && 'bg-danger-tint text-danger-text',
                )}
              >
                <span aria-hidden>{part.added ? '+ ' : part.removed ? '− ' : '  '}</span>
                {line}
              </Tag>
            );
          }),
      )}
    </section>
  );
}

/** What one set of policies changes of another, line by line. */
export function PolicyDiff({ diff }: { diff: Diff }) {
  if (diff.policies.length === 0) {
    return (
      <p className="px-4 py-4 text-soft sm:px-5">
        {diff.casesChanged > 0 ? `Only cases differ (${diff.casesChanged}).` : 'Nothing differs.'}
      </p>
    );
  }
  return (
    <ul className="divide-y divide-line">
      {diff.policies.map((entry) => (
        <li key={entry.id}>
          <p className="flex items-center gap-2 px-4 py-2.5 sm:px-5">
            <Badge tone={WORDS[entry.change].tone}>{WORDS[entry.change].word}</Badge>
            <code className="text-sm">{entry.id}</code>
          </p>
          <Lines entry={entry} />
        </li>
      ))}
      {diff.casesChanged > 0 ? (
        <li className="px-4 py-2.5 text-soft text-sm sm:px-5">{diff.casesChanged} cases differ.</li>
      ) : null}
    </ul>
  );
}
