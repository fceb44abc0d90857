import type { ReactNode } from 'react';
import { cn } from './cn';

/** Nothing here, why, and what would put something here. */
export function EmptyState({
  icon,
  title,
  action,
  isPage,
  className,
  children,
}: {
  icon?: ReactNode;
  title: ReactNode;
  action?: ReactNode;
  /** It is all the page has: then its title is the page's heading. */
  isPage?: boolean;
  className?: string;
  children?: ReactNode;
}) {
  const Heading = isPage ? 'h1' : 'h2';
  return (
    <div className={cn('mx-auto flex max-w-md flex-col items-center px-6 py-16 text-center', className)}>
      {icon ? (
        <div
          aria-hidden
          className="mb-4 flex size-12 items-center justify-center rounded-xl border border-line bg-surface text-faint [&_svg]:size-5.5"
        >
          {icon}
        </div>
      ) : null}
      <Heading className="font-semibold text-lg">{title}</Heading>
      {children ? <div className="mt-1.5 text-base text-soft">{children}</div> : null}
      {action ? <div className="mt-5 flex flex-wrap justify-center gap-2">{action}</div> : null}
    </div>
  );
}
