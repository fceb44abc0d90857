'use client';
import { ToggleGroup } from 'radix-ui';
import type { ReactNode } from 'react';

/** One choice of two or three, all of them visible. */
export function Segmented<T extends string>({
  options,
  value,
  onValueChange,
  label,
}: {
  options: { value: T; label: ReactNode }[];
  value: T;
  onValueChange: (value: T) => void;
  label: string;
}) {
  return (
    <ToggleGroup.Root
      type="single"
      value={value}
      onValueChange={(next) => next && onValueChange(next as T)}
      aria-label={label}
      className="inline-flex rounded-md bg-sunken p-0.5"
    >
      {options.map((option) => (
        <ToggleGroup.Item
          key={option.value}
          value={option.value}
          className="flex min-h-7 items-center gap-1.5 rounded-sm px-2.5 text-sm text-soft hover:text-ink data-[state=on]:bg-surface data-[state=on]:text-ink data-[state=on]:shadow-card pointer-coarse:min-h-9 [&_svg]:size-3.5"
        >
          {option.label}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  );
}
