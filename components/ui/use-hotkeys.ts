'use client';
import { useEffect, useRef } from 'react';

export type Hotkeys = Readonly<Record<string, (event: KeyboardEvent) => void>>;

const TYPING = 'input, textarea, select, [contenteditable="true"]';
const PRESSABLE = 'a, button, summary';
const OPEN_LAYER = '[role="dialog"], [role="alertdialog"], [role="menu"]';

/** Whether a key press belongs to something else: a field, an open dialog, a browser shortcut, a held-down key. */
export function belongsElsewhere(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return true;
  if (!(event.target instanceof Element)) return true;
  if (event.target.closest(TYPING) || (event.key === 'Enter' && event.target.closest(PRESSABLE))) return true;
  return document.querySelector(OPEN_LAYER) !== null;
}

/** Single keys for the page, never while somebody types or a dialog is open. Keys are `event.key` values in lower case. */
export function useHotkeys(keys: Hotkeys, enabled = true): void {
  const current = useRef(keys);
  useEffect(() => {
    current.current = keys;
  });
  useEffect(() => {
    if (!enabled) return;
    const onKey = (event: KeyboardEvent) => {
      const run = current.current[event.key.toLowerCase()];
      if (!run || belongsElsewhere(event)) return;
      event.preventDefault();
      run(event);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [enabled]);
}
