import type { ComponentProps } from 'react';
import { cn } from './cn';

/** What every field that takes text looks like; 16 px on touch screens, so that phones do not zoom in. */
export const FIELD =
  'w-full rounded-md border border-control bg-surface px-3 text-base text-ink placeholder:text-faint transition-colors pointer-coarse:text-lg focus-visible:outline-offset-0 disabled:opacity-60 aria-invalid:border-danger';

export function Input({ className, ...props }: ComponentProps<'input'>) {
  return <input {...props} className={cn(FIELD, 'h-9 pointer-coarse:h-11', className)} />;
}
