import { Ban, Lock, Minus, Plus } from 'lucide-react';
import { InertText } from '@/components/agent-words/inert-text';
import { cn } from '@/components/ui/cn';
import { countWords } from '@/components/ui/number-words';
import type { CellView } from '@/server/domain/views';

/** Longer values are cut here; a cell is for comparing, not for reading documents. */
const CELL_CHARACTERS = 240;

function Value({ value }: { value: string | null }) {
  if (value === null) return <span className="text-faint text-xs uppercase italic">null</span>;
  if (value === '') return <span className="text-faint text-xs italic">empty</span>;
  const cut = value.length > CELL_CHARACTERS;
  return (
    <span title={cut ? `${countWords(value.length)} characters` : undefined}>
      <InertText text={cut ? value.slice(0, CELL_CHARACTERS) : value} />
      {cut ? <span className="text-faint">…</span> : null}
    </span>
  );
}

/** A value as this person may see it: shown, behind a reveal, outside their clearance, or not part of the row. */
export function Cell({
  cell,
  onReveal,
}: {
  cell: CellView | undefined;
  onReveal?: (() => void) | undefined;
}) {
  if (!cell || cell.state === 'absent') return <span className="text-faint">–</span>;
  if (cell.state === 'shown') return <Value value={cell.value} />;
  if (cell.state === 'withheld') {
    return (
      <span className="hatched inline-flex items-center gap-1 rounded-sm border border-line-strong px-1.5 font-sans text-faint text-xs">
        <Ban aria-hidden className="size-3" />
        withheld
      </span>
    );
  }
  return (
    <button
      type="button"
      onClick={onReveal}
      title="Masked. Reveal it with a reason."
      className="inline-flex min-h-6 items-center gap-1 rounded-sm bg-selected px-1.5 text-soft text-xs tracking-[0.2em] hover:bg-line"
    >
      <Lock aria-hidden className="size-3" />
      ••••
      <span className="sr-only">masked, reveal</span>
    </button>
  );
}

/** Before and after of one cell: signs and strike-through carry the difference, colour only repeats it. */
export function CellPair({
  before,
  after,
  onReveal,
}: {
  before: CellView | undefined;
  after: CellView | undefined;
  onReveal?: (() => void) | undefined;
}) {
  const line = 'flex min-w-0 items-center gap-1 truncate rounded-[3px] px-1';
  const masked = before?.state === 'masked' || before?.state === 'withheld';
  return (
    <span className="flex min-w-0 flex-col gap-0.5">
      <span className={cn(line, 'bg-danger-tint text-danger-text')}>
        <Minus aria-label="before" className="size-3 shrink-0" />
        <span className={masked ? '' : 'truncate line-through decoration-1'}>
          <Cell cell={before} onReveal={onReveal} />
        </span>
      </span>
      <span className={cn(line, 'bg-good-tint text-good-text')}>
        <Plus aria-label="after" className="size-3 shrink-0" />
        <span className="truncate font-medium">
          <Cell cell={after} onReveal={onReveal} />
        </span>
      </span>
    </span>
  );
}
