import type { ReactNode } from 'react';

/** The one `h1` of a page, what the page is for, and its main action. */
export function PageHeader({
  title,
  description,
  action,
}: {
  title: ReactNode;
  description?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <header className="flex flex-wrap items-end justify-between gap-x-6 gap-y-3 pb-5">
      <div className="min-w-0 flex-1 basis-80">
        <h1 className="font-semibold text-2xl">{title}</h1>
        {description ? <p className="mt-1 max-w-2xl text-base text-soft">{description}</p> : null}
      </div>
      {action ? <div className="flex flex-wrap gap-2">{action}</div> : null}
    </header>
  );
}
