'use client';
import { X } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { Button } from './button';
import { cn } from './cn';
import { useFocusReturn } from './use-focus-return';

const WIDTHS = { sm: 'sm:max-w-md', md: 'sm:max-w-xl', lg: 'sm:max-w-3xl' } as const;

/** A dialog in the middle of a screen, a sheet from the bottom on a phone. */
export function Dialog({
  open,
  onOpenChange,
  trigger,
  title,
  description,
  width = 'sm',
  children,
  footer,
}: {
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  trigger?: ReactNode;
  title: ReactNode;
  description?: ReactNode;
  width?: keyof typeof WIDTHS;
  children?: ReactNode;
  footer?: ReactNode;
}) {
  const { remember, onCloseAutoFocus } = useFocusReturn();
  return (
    <Radix.Root {...(open === undefined ? {} : { open })} {...(onOpenChange ? { onOpenChange } : {})}>
      {trigger ? <Radix.Trigger asChild>{trigger}</Radix.Trigger> : null}
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-50 animate-fade bg-veil" />
        <Radix.Content
          {...(description ? {} : { 'aria-describedby': undefined })}
          {...(trigger ? {} : { onCloseAutoFocus })}
          className={cn(
            'fixed inset-x-0 bottom-0 z-50 flex max-h-[92dvh] animate-sheet flex-col rounded-t-xl border border-line bg-raised shadow-float outline-none',
            'sm:inset-x-4 sm:top-[12vh] sm:bottom-auto sm:mx-auto sm:max-h-[76vh] sm:animate-rise sm:rounded-xl',
            WIDTHS[width],
          )}
        >
          {remember}
          <header className="px-5 pt-5">
            <div>
              <Radix.Title className="pr-10 font-semibold text-lg">{title}</Radix.Title>
              {description ? (
                <Radix.Description className="mt-1 text-base text-soft">{description}</Radix.Description>
              ) : null}
            </div>
          </header>
          <div className="overflow-y-auto px-5 py-4">{children}</div>
          {footer ? (
            <footer className="flex flex-wrap justify-end gap-2 border-line border-t px-5 py-3.5 pb-[max(0.875rem,env(safe-area-inset-bottom))]">
              {footer}
            </footer>
          ) : null}
          {/* Last in order: opening puts the focus on the content, not on the way out. */}
          <Radix.Close asChild>
            <Button variant="ghost" size="icon" aria-label="Close" className="absolute top-4 right-3">
              <X />
            </Button>
          </Radix.Close>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
