'use client';
import { type ReactNode, type RefObject, useRef, useState } from 'react';

/** Looks where the focus is while the layer is first drawn: an effect would come after a field in it has taken the focus. */
function Remember({ into }: { into: RefObject<Element | null> }) {
  useState(() => {
    into.current = document.activeElement;
  });
  return null;
}

/**
 * Gives the focus back to where it was when a layer closes. Radix does so only for layers opened by its own trigger; one opened by a key or
 * from elsewhere would leave the keyboard at the top of the page.
 */
export function useFocusReturn(): { remember: ReactNode; onCloseAutoFocus: (event: Event) => void } {
  const before = useRef<Element | null>(null);
  return {
    remember: <Remember into={before} />,
    onCloseAutoFocus: (event) => {
      const back = before.current;
      if (!(back instanceof HTMLElement) || !back.isConnected) return;
      event.preventDefault();
      back.focus();
    },
  };
}
