'use client';
import { useTheme } from 'next-themes';
import { Toaster as Sonner } from 'sonner';

export { toast } from 'sonner';

/** Where short messages appear: under the top bar, where they cover neither the halt nor a decision. */
export function Toaster() {
  const { resolvedTheme } = useTheme();
  return (
    <Sonner
      theme={resolvedTheme === 'dark' ? 'dark' : 'light'}
      position="top-right"
      offset={{ top: 64, right: 24 }}
      mobileOffset={{ top: 60 }}
      duration={6000}
      toastOptions={{
        classNames: {
          toast: '!rounded-lg !border !border-line !bg-raised !text-ink !font-sans !text-base !shadow-float',
          description: '!text-soft',
        },
      }}
    />
  );
}
