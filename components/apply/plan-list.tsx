import { CircleMinus, CirclePlus, PencilLine } from 'lucide-react';
import { Callout } from '@/components/ui/callout';
import { counted } from '@/components/ui/number-words';

type PlanChange = {
  kind: string;
  name: string;
  change: 'create' | 'update' | 'unchanged' | 'remove';
  detail?: string | undefined;
};

const LOOK = {
  create: { icon: CirclePlus, tone: 'text-good-text', word: 'new' },
  update: { icon: PencilLine, tone: 'text-caution-text', word: 'changes' },
  remove: { icon: CircleMinus, tone: 'text-danger-text', word: 'is removed' },
} as const;

/** What applying a document would do: changes first, each with its mark and its word, then what is worth knowing. */
export function PlanList({
  changes,
  warnings,
}: {
  changes: readonly PlanChange[];
  warnings: readonly string[];
}) {
  const changed = changes.flatMap((entry) =>
    entry.change === 'unchanged' ? [] : [{ ...entry, look: LOOK[entry.change] }],
  );
  const rest = changes.length - changed.length;
  return (
    <div className="space-y-3">
      {changed.length === 0 ? (
        <p className="text-base text-soft">Nothing to do: the workspace is already what it says.</p>
      ) : (
        <ul className="divide-y divide-line rounded-md border border-line">
          {changed.map(({ kind, name, detail, look: { icon: Icon, tone, word } }) => (
            <li key={`${kind} ${name}`} className="flex gap-3 px-3 py-2">
              <Icon aria-hidden className={`mt-0.5 size-4.5 shrink-0 ${tone}`} />
              <p className="min-w-0 text-base [overflow-wrap:anywhere]">
                <span className="text-soft">{kind}</span> <span className="font-medium">{name}</span>{' '}
                <span className="text-faint text-sm">{detail ?? word}</span>
              </p>
            </li>
          ))}
        </ul>
      )}
      {rest > 0 && changed.length > 0 ? (
        <p className="text-faint text-sm">{counted(rest, 'entry stays', 'entries stay')} as they are.</p>
      ) : null}
      {warnings.length > 0 ? (
        <Callout tone="caution" title="Worth knowing">
          <ul className="mt-1 space-y-1.5">
            {warnings.map((warning) => (
              <li key={warning} className="[overflow-wrap:anywhere]">
                {warning}
              </li>
            ))}
          </ul>
        </Callout>
      ) : null}
    </div>
  );
}
