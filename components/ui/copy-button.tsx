'use client';
import { Check, Copy } from 'lucide-react';
import { useState } from 'react';
import { cn } from './cn';

/** Copies a value that is not data under review (a digest, an id, a command). */
export function CopyButton({
  value,
  label,
  className,
}: {
  value: string;
  label: string;
  className?: string;
}) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(value);
    setCopied(true);
    setTimeout(() => setCopied(false), 1600);
  };
  return (
    <button
      type="button"
      onClick={copy}
      aria-label={copied ? 'Copied' : label}
      className={cn(
        'inline-flex size-6 shrink-0 items-center justify-center rounded-sm text-faint hover:bg-hover hover:text-ink pointer-coarse:size-9 [&_svg]:size-3.5',
        className,
      )}
    >
      {copied ? <Check className="text-good-text" /> : <Copy />}
    </button>
  );
}
