import { Slot } from 'radix-ui';
import type { ComponentProps } from 'react';
import { cn } from './cn';

const VARIANTS = {
  primary: 'bg-ink text-page hover:bg-ink/88 border-transparent',
  hold: 'bg-hold text-[oklch(0.2_0.04_50)] hover:bg-hold/88 border-transparent',
  danger: 'bg-danger text-[oklch(1_0_0)] hover:bg-danger/88 border-transparent',
  outline: 'bg-surface text-ink border-line-strong hover:bg-hover',
  'outline-danger': 'bg-surface text-danger-text border-danger-line hover:bg-danger-tint',
  ghost: 'text-soft hover:text-ink hover:bg-hover border-transparent',
} as const;
const SIZES = {
  sm: 'h-8 px-2.5 text-sm gap-1.5 pointer-coarse:min-h-10',
  md: 'h-9 px-3.5 text-base gap-2 pointer-coarse:min-h-11',
  lg: 'h-11 px-5 text-lg gap-2',
  icon: 'size-8 justify-center pointer-coarse:size-10',
} as const;

export type ButtonProps = ComponentProps<'button'> & {
  variant?: keyof typeof VARIANTS;
  size?: keyof typeof SIZES;
  /** Draws its one child (a link, say) as the button. */
  asChild?: boolean;
  /** Work is under way: the button keeps its size and says so to assistive technology. */
  busy?: boolean;
};

export function Button({
  variant = 'outline',
  size = 'md',
  asChild,
  busy,
  className,
  ...props
}: ButtonProps) {
  const Tag = asChild ? Slot.Root : 'button';
  return (
    <Tag
      {...(asChild ? {} : { type: props.type ?? 'button' })}
      aria-busy={busy || undefined}
      {...props}
      aria-disabled={props.disabled || busy || undefined}
      className={cn(
        'inline-flex shrink-0 select-none items-center justify-center whitespace-nowrap rounded-md border font-medium transition-colors',
        'disabled:cursor-not-allowed disabled:opacity-50 [&_svg]:size-4 [&_svg]:shrink-0',
        busy && 'animate-breathe pointer-events-none',
        VARIANTS[variant],
        SIZES[size],
        className,
      )}
    />
  );
}
