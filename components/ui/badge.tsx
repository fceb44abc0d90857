import type { ReactNode } from 'react';
import { cn } from './cn';

export const TONES = {
  neutral: 'bg-sunken text-soft border-line',
  hold: 'bg-hold-tint text-hold-text border-hold-line',
  danger: 'bg-danger-tint text-danger-text border-danger-line',
  good: 'bg-good-tint text-good-text border-good-line',
  caution: 'bg-caution-tint text-caution-text border-caution-line',
  notice: 'bg-notice-tint text-notice-text border-notice-line',
} as const;
export type Tone = keyof typeof TONES;

export function Badge({
  tone = 'neutral',
  icon,
  className,
  children,
}: {
  tone?: Tone;
  icon?: ReactNode;
  className?: string;
  children: ReactNode;
}) {
  return (
    <span
      className={cn(
        'inline-flex h-5.5 items-center gap-1 whitespace-nowrap rounded-sm border px-1.5 font-medium text-xs [&_svg]:size-3.5 [&_svg]:shrink-0',
        TONES[tone],
        className,
      )}
    >
      {icon}
      {children}
    </span>
  );
}
