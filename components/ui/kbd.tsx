import type { ReactNode } from 'react';
import { cn } from './cn';

export const Kbd = ({ className, children }: { className?: string; children: ReactNode }) => (
  <kbd
    className={cn(
      'inline-flex h-5 min-w-5 items-center justify-center rounded-sm border border-line-strong border-b-2 bg-surface px-1 font-sans text-2xs text-soft',
      className,
    )}
  >
    {children}
  </kbd>
);
