import { cn } from './cn';
import { CopyButton } from './copy-button';

/** A digest a person can compare: its first characters in groups, the whole of it one click away. */
export function Digest({ value, label, className }: { value: string; label: string; className?: string }) {
  // The algorithm's name says nothing about which digest this is.
  const hex = value.replace(/^sha256:/, '');
  return (
    <span className={cn('inline-flex items-center gap-1', className)}>
      <code className="text-soft text-sm" title={value}>
        {hex.slice(0, 4)}&#8239;{hex.slice(4, 8)}&#8239;{hex.slice(8, 12)}
        <span aria-hidden>…</span>
        <span className="sr-only">, shortened</span>
      </code>
      <CopyButton value={value} label={label} />
    </span>
  );
}
