import type { ReactNode } from 'react';
import { BrandMark } from '@/components/ui/brand-mark';

/** The quiet page around signing in and setting up. */
export function AuthFrame({
  title,
  lead,
  children,
}: {
  title: string;
  lead?: ReactNode;
  children: ReactNode;
}) {
  return (
    <main className="mx-auto flex min-h-dvh w-full max-w-104 flex-col justify-center px-4 py-10">
      <p className="mb-6 flex items-center gap-2.5 font-semibold text-lg">
        <BrandMark />
        Holdpoint
      </p>
      <div className="overflow-clip rounded-xl border border-line bg-surface shadow-card">
        <div aria-hidden className="hazard h-1.5" />
        <div className="px-5 py-6 sm:px-7">
          <h1 className="font-semibold text-xl">{title}</h1>
          {lead ? <p className="mt-1.5 text-base text-soft">{lead}</p> : null}
          <div className="mt-5">{children}</div>
        </div>
      </div>
      <p className="mt-5 text-faint text-sm">
        The hold point between AI agents and what they are about to do.
      </p>
    </main>
  );
}
