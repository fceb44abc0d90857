'use client';
import { useRouter } from 'next/navigation';
import { useEffect, useRef } from 'react';
import { belongsElsewhere } from '@/components/ui/use-hotkeys';

const PLACES: Readonly<Record<string, string>> = {
  o: '/home',
  i: '/inbox',
  r: '/runs',
  a: '/audit',
  h: '/halts',
};
const SECOND_KEY_MS = 1200;

/**
 * `g` and then a letter goes to a page. The second key is taken before anything on the page sees it: `g a` must never open an approval, `g r` no rejection.
 */
export function useGoKeys(): void {
  const router = useRouter();
  const pressed = useRef(0);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (belongsElsewhere(event)) return;
      const waiting = event.timeStamp - pressed.current < SECOND_KEY_MS && pressed.current > 0;
      pressed.current = event.key === 'g' ? event.timeStamp : 0;
      const place = waiting ? PLACES[event.key] : undefined;
      if (!waiting || event.key === 'g') return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (place) router.push(place);
    };
    window.addEventListener('keydown', onKey, { capture: true });
    return () => window.removeEventListener('keydown', onKey, { capture: true });
  }, [router]);
}
