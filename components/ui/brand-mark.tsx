import { cn } from './cn';

/** Two bars and a point: a pause, an H, a hold point. */
export const BrandMark = ({ className }: { className?: string }) => (
  <svg viewBox="0 0 24 24" aria-hidden="true" className={cn('size-6', className)}>
    <rect x="3.5" y="3" width="4.6" height="18" rx="1.4" fill="currentColor" />
    <rect x="15.9" y="3" width="4.6" height="18" rx="1.4" fill="currentColor" />
    <circle cx="12" cy="12" r="2.3" fill="var(--hold)" />
  </svg>
);
