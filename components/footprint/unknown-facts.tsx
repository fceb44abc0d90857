import { CircleDashed } from 'lucide-react';
import { InertText } from '@/components/agent-words/inert-text';
import { counted } from '@/components/ui/number-words';
import type { UnknownFact } from '@/server/domain/footprint';

/** What could not be measured: a hole with a dashed edge, in words. */
export function UnknownFacts({ unknowns }: { unknowns: UnknownFact[] }) {
  if (unknowns.length === 0) return null;
  return (
    <div className="hatched rounded-lg border-2 border-hold-line border-dashed px-4 py-3">
      <p className="flex items-center gap-2 font-semibold text-base text-hold-text">
        <CircleDashed aria-hidden className="size-4.5" />
        {counted(unknowns.length, 'thing')} could not be measured
      </p>
      <ul className="mt-1.5 space-y-1 pl-6.5 text-base">
        {unknowns.map((fact) => (
          <li key={`${fact.code}/${fact.resource ?? ''}/${fact.message}`}>
            <InertText text={fact.message} />
            {fact.resource ? (
              <code className="ml-2 text-faint text-sm">
                <InertText text={fact.resource} />
              </code>
            ) : null}
            {fact.quoted ? (
              <p className="text-faint text-sm">
                <InertText text={fact.quoted} />
              </p>
            ) : null}
          </li>
        ))}
      </ul>
    </div>
  );
}
