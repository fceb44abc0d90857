import { useMemo } from 'react';
import { refractor } from 'refractor/core';
import sql from 'refractor/sql';
import { InertText } from '@/components/agent-words/inert-text';
import { cn } from '@/components/ui/cn';

refractor.register(sql);

/** Beyond this a statement is shown whole but plain: colouring it would make the page wait. */
const COLOURED_CHARACTERS = 20_000;

const COLOURS: Readonly<Record<string, string>> = {
  keyword: 'text-notice-text font-medium',
  function: 'text-ink font-medium',
  string: 'text-good-text',
  number: 'text-hold-text',
  boolean: 'text-hold-text',
  comment: 'text-faint italic',
  variable: 'text-caution-text',
  operator: 'text-soft',
  punctuation: 'text-soft',
};

type Node = ReturnType<typeof refractor.highlight>['children'][number];

function colourOf(node: Extract<Node, { type: 'element' }>): string {
  const names = node.properties.className;
  const found = Array.isArray(names) ? names.map((name) => COLOURS[String(name)]).find(Boolean) : undefined;
  return found ?? '';
}

function Tokens({ nodes }: { nodes: readonly Node[] }) {
  return nodes.map((node, index) => {
    // biome-ignore lint/suspicious/noArrayIndexKey: tokens of one immutable text have no other identity
    if (node.type === 'text') return <InertText key={index} text={node.value} />;
    if (node.type !== 'element') return null;
    return (
      // biome-ignore lint/suspicious/noArrayIndexKey: as above
      <span key={index} className={colourOf(node)}>
        <Tokens nodes={node.children as Node[]} />
      </span>
    );
  });
}

/** A statement as it will run: every byte of it, coloured, inert, with nothing hidden. */
export function SqlText({ statement, className }: { statement: string; className?: string }) {
  const tree = useMemo(
    () => (statement.length > COLOURED_CHARACTERS ? null : refractor.highlight(statement, 'sql')),
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
        <code>{tree ? <Tokens nodes={tree.children} /> : <InertText text={statement} />}</code>
      </pre>
    </section>
  );
}
