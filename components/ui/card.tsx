import type { ReactNode } from 'react';
import { cn } from './cn';

/** A titled section on its own surface. `id` makes it a place to jump to. */
export function Card({
  id,
  title,
  aside,
  className,
  flush,
  children,
}: {
  id?: string;
  title?: ReactNode;
  aside?: ReactNode;
  className?: string;
  /** Content reaches the edges (tables, lists). */
  flush?: boolean;
  children: ReactNode;
}) {
  return (
    <section
      id={id}
      aria-labelledby={id && title ? `${id}-title` : undefined}
      className={cn('min-w-0 rounded-xl border border-line bg-surface shadow-card', className)}
    >
      {title ? (
        <header className="flex min-h-12 flex-wrap items-center justify-between gap-x-4 gap-y-2 border-line border-b px-4 py-2 sm:px-5">
          <h2 id={id ? `${id}-title` : undefined} className="font-semibold text-base">
            {title}
          </h2>
          {aside}
        </header>
      ) : null}
      <div className={flush ? '' : 'px-4 py-4 sm:px-5'}>{children}</div>
    </section>
  );
}
