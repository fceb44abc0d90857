import { cn } from './cn';

/** The place something will take, drawn before it is there: give it the size of what comes. */
export const Skeleton = ({ className }: { className?: string }) => (
  <span aria-hidden className={cn('block animate-breathe rounded-md bg-sunken', className)} />
);
