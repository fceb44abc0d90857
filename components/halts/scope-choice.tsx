import { cn } from '@/components/ui/cn';
import type { HaltScope } from '@/server/domain/vocabulary';

/** One kind of thing that can be halted, as a choice with words of its own. */
export function ScopeChoice({
  value,
  current,
  title,
  text,
  onChoose,
}: {
  value: HaltScope;
  current: HaltScope;
  title: string;
  text: string;
  onChoose: (scope: HaltScope) => void;
}) {
  return (
    <label
      className={cn(
        'flex cursor-pointer gap-3 rounded-lg border px-3.5 py-3',
        current === value ? 'border-ink bg-selected' : 'border-line-strong hover:bg-hover',
      )}
    >
      <input
        type="radio"
        name="scope"
        value={value}
        checked={current === value}
        onChange={() => onChoose(value)}
        className="mt-0.5 size-4.5 shrink-0 accent-ink"
      />
      <span>
        <span className="block font-medium text-base">{title}</span>
        <span className="block text-soft text-sm">{text}</span>
      </span>
    </label>
  );
}
