'use client';
import { createContext, useContext } from 'react';
import type { HaltSubject } from '@/components/halts/halt-subject';

export type Shell = {
  openPalette: () => void;
  openShortcuts: () => void;
  /** Opens the halt dialog, for one thing when it is given. */
  openHalt: (subject?: HaltSubject) => void;
};

const ShellContext = createContext<Shell | null>(null);
export const ShellProvider = ShellContext.Provider;

/** What every page can open over itself. */
export function useShell(): Shell {
  const shell = useContext(ShellContext);
  if (!shell) throw new Error('useShell is used outside the signed-in pages');
  return shell;
}
