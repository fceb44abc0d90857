import { ArrowRight, Building2, KeySquare } from 'lucide-react';
import { Badge } from '@/components/ui/badge';
import { ClassChips } from '@/components/ui/class-chip';
import { Link } from '@/components/ui/link';
import type { Effect } from '@/server/domain/catalog';
import type { ToolListItem } from '@/server/domain/catalog-views';
import { conditionWords } from './effect-words';

const FIELDS = ['resource', 'audience', 'content', 'amount', 'currency', 'location'] as const;

function EffectLine({ effect }: { effect: Effect }) {
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <Badge tone={effect.reversible === false ? 'danger' : 'neutral'}>{effect.effect}</Badge>
      {FIELDS.map((field) =>
        effect[field] ? (
          <span key={field} className="text-soft text-sm">
            {field} <code className="text-ink">{effect[field]}</code>
          </span>
        ) : null,
      )}
      {effect.amountIn === 'minor' ? <span className="text-faint text-sm">in minor units</span> : null}
      <ClassChips names={effect.classes ?? []} />
      {effect.classesBy ? (
        <span className="text-soft text-sm">
          kinds of data by <code className="text-ink">{effect.classesBy.path}</code>
        </span>
      ) : null}
      {effect.when === undefined ? null : (
        <span className="text-soft text-sm">only when {conditionWords(effect.when)}</span>
      )}
      {effect.anyone === undefined ? null : (
        <span className="text-caution-text text-sm">open to anyone when {conditionWords(effect.anyone)}</span>
      )}
      {effect.reversible === undefined ? null : (
        <span className="text-faint text-sm">{effect.reversible ? 'can be undone' : 'cannot be undone'}</span>
      )}
      {effect.trusted === undefined ? null : (
        <span className="text-faint text-sm">
          {effect.trusted ? 'its answers can be trusted' : 'its answers cannot be trusted'}
        </span>
      )}
    </li>
  );
}

const KINDS: Readonly<Record<string, string>> = {
  sql: 'SQL',
  http: 'HTTP',
  files: 'files',
  custom: 'custom',
};
/** How it is known what a call does, where it is not declared at the tool. */
const MEASURED: Readonly<Record<string, string>> = {
  sql: 'What a statement does is measured on the target, not declared.',
  http: 'What a call does is held against the service’s document and what is declared at the target.',
  files: 'What a call does is found out by looking at every file it names.',
};

/** One tool: what it acts on, who runs it, what it was declared to do. */
export function ToolCard({ tool, isAlone }: { tool: ToolListItem; isAlone?: boolean }) {
  const isBroker = tool.execution === 'broker';
  return (
    <li id={tool.name} className="scroll-mt-20 px-4 py-4 target:bg-selected sm:px-5">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
        <h2 className="min-w-0 font-medium font-mono text-base [overflow-wrap:anywhere]">
          {isAlone ? (
            'What it is'
          ) : (
            <Link
              href={`/tools/${tool.toolId}`}
              className="inline-flex min-h-6 items-center underline decoration-line-strong underline-offset-4 hover:decoration-ink"
            >
              {tool.name}
            </Link>
          )}
        </h2>
        <Badge>{KINDS[tool.kind] ?? tool.kind}</Badge>
        {tool.operationId ? <Badge>{tool.operationId}</Badge> : null}
        <Badge icon={isBroker ? <Building2 aria-hidden /> : <KeySquare aria-hidden />}>
          {isBroker ? 'run by Holdpoint' : 'run by the agent'}
        </Badge>
        {tool.target ? (
          <Link
            href={`/targets/${tool.target.id}`}
            className="inline-flex items-center gap-1 text-sm text-soft hover:text-ink"
          >
            <ArrowRight aria-hidden className="size-3.5" /> {tool.target.name}
          </Link>
        ) : null}
      </div>
      {tool.description ? <p className="mt-1.5 max-w-2xl text-base text-soft">{tool.description}</p> : null}
      {tool.kind in MEASURED ? (
        <p className="mt-1.5 text-faint text-sm">{MEASURED[tool.kind]}</p>
      ) : tool.effects.length === 0 ? (
        <p className="mt-1.5 text-caution-text text-sm">
          Nobody has declared what it does: every call of it is held.
        </p>
      ) : (
        <ul className="mt-2.5 space-y-1.5" aria-label="Declared effects">
          {tool.effects.map((effect) => (
            <EffectLine key={JSON.stringify(effect)} effect={effect} />
          ))}
        </ul>
      )}
      <details className="mt-2.5">
        <summary className="w-fit cursor-pointer py-1 text-sm text-soft marker:text-faint hover:text-ink">
          Arguments
        </summary>
        <pre
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
          tabIndex={0}
          className="mt-2 max-h-80 overflow-auto rounded-md border border-line bg-sunken p-3 text-xs leading-5"
        >
          {JSON.stringify(tool.inputSchema, null, 2)}
        </pre>
      </details>
    </li>
  );
}
