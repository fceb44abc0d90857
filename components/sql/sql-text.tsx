import { useMemo } from 'react';
import { InertText } from '@/components/agent-words/inert-text';
import { cn } from '@/components/ui/cn';
import { sqlTokens, type Token } from './sql-tokens';

/** Beyond this a statement is shown whole but plain: colouring it would make the page wait. */
const COLOURED_CHARACTERS = 20_000;

const COLOURS: Readonly<Record<string, string>> = {
  keyword: 'text-notice-text font-medium',
  function: 'text-ink font-medium',
  string: 'text-good-text',
  number: 'text-hold-text',
  boolean: 'text-hold-text',
  comment: 'text-faint italic',
  parameter: 'text-caution-text',
  variable: 'text-caution-text',
  operator: 'text-soft',
  punctuation: 'text-soft',
};

function Tokens({ tokens }: { tokens: readonly Token[] }) {
  return tokens.map((token, index) =>
    typeof token === 'string' ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: tokens of one immutable text have no other identity
      <InertText key={index} text={token} />
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: as above
      <span key={index} className={COLOURS[token.kind]}>
        <Tokens tokens={token.parts} />
      </span>
    ),
  );
}

/** A statement as it will run: every byte of it, coloured, inert, with nothing hidden. */
export function SqlText({ statement, className }: { statement: string; className?: string }) {
  const tokens = useMemo(
    () => (statement.length > COLOURED_CHARACTERS ? null : sqlTokens(statement)),
    [statement],
  );
  return (
    <section
      aria-label="SQL statement"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
      tabIndex={0}
      className={cn(
        'max-h-96 overflow-auto rounded-md border border-line bg-sunken [contain:content]',
        className,
      )}
    >
      <pre className="whitespace-pre-wrap px-4 py-3 text-sm leading-6 [overflow-wrap:anywhere]">
        <code>{tokens ? <Tokens tokens={tokens} /> : <InertText text={statement} />}</code>
      </pre>
    </section>
  );
}
