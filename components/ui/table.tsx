import type { ComponentProps } from 'react';
import { cn } from './cn';

/** A table that scrolls inside its own box, so that the page never does. Give it a `caption` or `aria-label`. */
export function Table({ className, ...props }: ComponentProps<'table'>) {
  return (
    <section
      className="relative overflow-x-auto focus-visible:-outline-offset-2"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
      tabIndex={0}
      aria-label={`${props['aria-label'] ?? 'Table'}, scrolls sideways`}
    >
      <table {...props} className={cn('w-full border-collapse text-left text-base', className)} />
    </section>
  );
}

export const Th = ({ className, ...props }: ComponentProps<'th'>) => (
  <th
    scope="col"
    {...props}
    className={cn(
      'h-9 whitespace-nowrap border-line border-b px-3 font-medium text-faint text-sm first:pl-4 last:pr-4 sm:first:pl-5 sm:last:pr-5',
      className,
    )}
  />
);
export const Td = ({ className, ...props }: ComponentProps<'td'>) => (
  <td
    {...props}
    className={cn('px-3 py-2.5 align-top first:pl-4 last:pr-4 sm:first:pl-5 sm:last:pr-5', className)}
  />
);
export const Tr = ({ className, ...props }: ComponentProps<'tr'>) => (
  <tr {...props} className={cn('border-line border-b last:border-b-0', className)} />
);
