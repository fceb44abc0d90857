'use client';
import { DropdownMenu as Radix } from 'radix-ui';
import type { ComponentProps, ReactElement, ReactNode } from 'react';
import { cn } from './cn';

export function Menu({
  trigger,
  align = 'end',
  children,
}: {
  trigger: ReactElement;
  align?: 'start' | 'end';
  children: ReactNode;
}) {
  return (
    <Radix.Root>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          align={align}
          sideOffset={6}
          collisionPadding={8}
          className="z-50 min-w-52 animate-rise rounded-lg border border-line bg-raised p-1 shadow-float"
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

export function MenuItem({
  danger,
  className,
  ...props
}: ComponentProps<typeof Radix.Item> & { danger?: boolean }) {
  return (
    <Radix.Item
      {...props}
      className={cn(
        'flex min-h-8 cursor-default items-center gap-2.5 rounded-md px-2.5 text-base outline-none data-[disabled]:opacity-50 data-[highlighted]:bg-selected pointer-coarse:min-h-11 [&_svg]:size-4 [&_svg]:text-faint',
        danger && 'text-danger-text [&_svg]:text-danger-text',
        className,
      )}
    />
  );
}

export const MenuLabel = ({ children }: { children: ReactNode }) => (
  <Radix.Label className="px-2.5 py-1.5 text-faint text-sm">{children}</Radix.Label>
);
export const MenuSeparator = () => <Radix.Separator className="-mx-1 my-1 h-px bg-line" />;
