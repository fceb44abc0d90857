'use client';
import { useTheme } from 'next-themes';
import { Toaster as Sonner } from 'sonner';

export { toast } from 'sonner';

/** Where short messages appear: above the decision bar on a phone, in the corner otherwise. */
export function Toaster() {
  const { resolvedTheme } = useTheme();
  return (
    <Sonner
      theme={resolvedTheme === 'dark' ? 'dark' : 'light'}
      position="top-center"
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
