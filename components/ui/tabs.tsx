'use client';
import { Tabs as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { cn } from './cn';

export type Tab = { value: string; label: ReactNode; count?: number | string | null };

/** Tabs that read as one line of text with a rule under the chosen one; they scroll sideways on a phone. */
export function Tabs({
  tabs,
  value,
  onValueChange,
  label,
  aside,
  className,
  listClassName,
  children,
}: {
  tabs: Tab[];
  value: string;
  onValueChange: (value: string) => void;
  label: string;
  /** Beside the tabs, at the end of their line. */
  aside?: ReactNode;
  className?: string;
  listClassName?: string;
  /** What the chosen tab shows: `TabPanel`s, one for each value or one for the current one. */
  children: ReactNode;
}) {
  return (
    <Radix.Root value={value} onValueChange={onValueChange} className={className}>
      <div
        className={cn(
          'flex flex-wrap items-center justify-between gap-x-5 border-line border-b',
          listClassName,
        )}
      >
        <Radix.List aria-label={label} className="-mb-px flex gap-5 overflow-x-auto [scrollbar-width:none]">
          {tabs.map((tab) => (
            <Radix.Trigger
              key={tab.value}
              value={tab.value}
              className={cn(
                'flex min-h-10 shrink-0 items-center gap-2 border-transparent border-b-2 px-0.5 font-medium text-base text-soft transition-colors',
                'hover:text-ink focus-visible:-outline-offset-2 data-[state=active]:border-ink data-[state=active]:text-ink',
              )}
            >
              {tab.label}
              {tab.count === undefined || tab.count === null ? null : (
                <span className="tabular rounded-sm bg-sunken px-1.5 font-normal text-soft text-xs">
                  {tab.count}
                </span>
              )}
            </Radix.Trigger>
          ))}
        </Radix.List>
        {aside}
      </div>
      {children}
    </Radix.Root>
  );
}

export const TabPanel = Radix.Content;
