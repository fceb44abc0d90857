import type { ReactNode } from 'react';
import { cn } from './cn';

/** Nothing here, why, and what would put something here. */
export function EmptyState({
  icon,
  title,
  action,
  className,
  children,
}: {
  icon?: ReactNode;
  title: ReactNode;
  action?: ReactNode;
  className?: string;
  children?: ReactNode;
}) {
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
      <h2 className="font-semibold text-lg">{title}</h2>
      {children ? <div className="mt-1.5 text-base text-soft">{children}</div> : null}
      {action ? <div className="mt-5 flex flex-wrap justify-center gap-2">{action}</div> : null}
    </div>
  );
}
