'use client';
import { useMemo, useState } from 'react';
import { InertText } from '@/components/agent-words/inert-text';
import { cn } from '@/components/ui/cn';
import { counted } from '@/components/ui/number-words';
import type { OriginFact } from '@/server/domain/origins';
import type { PayloadFinding } from '@/server/domain/payload';
import { argumentLeaves, originsAt } from './argument-leaves';
import { MarkedText } from './marked-text';
import { OriginMark } from './origin-mark';

const FIRST = 40;

/** Several values of one argument that came from the same place: said once. */
const said = (origins: readonly OriginFact[]): OriginFact[] => [
  ...new Map(origins.map((each) => [`${each.origin} ${each.alarming} ${each.detail}`, each])).values(),
];

/** Arguments one value per line, each with where it came from and what scanning found in it. */
export function ArgumentsList({
  args,
  origins,
  findings,
}: {
  args: Record<string, unknown>;
  origins: OriginFact[];
  findings: readonly PayloadFinding[];
}) {
  const [all, setAll] = useState(false);
  const leaves = useMemo(() => argumentLeaves(args), [args]);
  if (Object.keys(args).length === 0) return <p className="text-soft">Called without arguments.</p>;
  const shown = all ? leaves : leaves.slice(0, FIRST);
  return (
    <div>
      <dl className="divide-y divide-line rounded-md border border-line">
        {shown.map((leaf) => (
          <div key={leaf.pointer} className="grid gap-x-4 gap-y-1 px-3 py-2 sm:grid-cols-[10rem_1fr]">
            <dt className="break-words font-mono text-faint text-sm">
              <InertText text={leaf.path} />
            </dt>
            <dd className="min-w-0">
              <span
                className={cn(
                  'block max-h-40 overflow-auto whitespace-pre-wrap font-mono text-sm [contain:content] [overflow-wrap:anywhere]',
                  !leaf.quoted && 'text-hold-text',
                )}
              >
                <MarkedText
                  text={leaf.value}
                  findings={findings.filter(({ pointer }) => pointer === leaf.pointer)}
                />
              </span>
              {said(originsAt(origins, leaf.pointer)).map((origin) => (
                <span key={`${origin.origin}/${origin.value}`} className="mt-1.5 block">
                  <OriginMark origin={origin} />
                </span>
              ))}
            </dd>
          </div>
        ))}
      </dl>
      {shown.length < leaves.length ? (
        <button
          type="button"
          onClick={() => setAll(true)}
          className="mt-2 min-h-6 font-medium text-sm underline"
        >
          Show all {counted(leaves.length, 'value')}
        </button>
      ) : null}
    </div>
  );
}
