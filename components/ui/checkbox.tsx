import type { ComponentProps, ReactNode } from 'react';
import { cn } from './cn';

export function Checkbox({
  label,
  className,
  ...props
}: Omit<ComponentProps<'input'>, 'type'> & { label: ReactNode }) {
  return (
    <label className={cn('flex min-h-6 items-start gap-2.5 text-base', className)}>
      <input type="checkbox" {...props} className="mt-0.5 size-4.5 shrink-0 accent-ink" />
      <span>{label}</span>
    </label>
  );
}
