import { CircleAlert, CircleCheck, Info, OctagonPause, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { TONES, type Tone } from './badge';
import { cn } from './cn';

const ICONS = {
  neutral: Info,
  notice: Info,
  hold: OctagonPause,
  caution: TriangleAlert,
  danger: CircleAlert,
  good: CircleCheck,
} as const;

/** A paragraph that must be noticed: icon, a title in words, and what to do next. */
export function Callout({
  tone = 'notice',
  title,
  action,
  className,
  children,
  role,
}: {
  tone?: Tone;
  title?: ReactNode;
  action?: ReactNode;
  className?: string;
  children?: ReactNode;
  role?: 'alert' | 'status';
}) {
  const Icon = ICONS[tone];
  return (
    <div role={role} className={cn('flex gap-3 rounded-lg border px-4 py-3', TONES[tone], className)}>
      <Icon aria-hidden className="mt-0.5 size-4.5 shrink-0" />
      <div className="min-w-0 flex-1 text-base">
        {title ? <p className="font-semibold text-ink">{title}</p> : null}
        {children ? <div className="text-ink/85">{children}</div> : null}
      </div>
      {action ? <div className="shrink-0">{action}</div> : null}
    </div>
  );
}
