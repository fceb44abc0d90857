'use client';
import { useState } from 'react';

/** Where this tab began, and whether it has been elsewhere since. */
let beganAt: string | null = null;
let hasLeft = false;

/** Told by what surrounds every page, before the page itself is drawn. */
export function noteWhere(pathname: string): void {
  if (typeof window === 'undefined') return;
  beganAt ??= pathname;
  hasLeft ||= pathname !== beganAt;
}

/**
 * What the server read for a page, as a query begins with it. For the page a tab begins with, the stream tells every change since it was read. A
 * page gone to later may have been read before a change that the tab has heard already: it is shown at once and read again.
 */
export function useFirst<T>(first: T | undefined): { initialData?: T; initialDataUpdatedAt?: number } {
  const [isLater] = useState(hasLeft);
  if (first === undefined) return {};
  return isLater ? { initialData: first, initialDataUpdatedAt: 0 } : { initialData: first };
}
