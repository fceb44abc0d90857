'use client';
import { createContext, useContext } from 'react';

export type Shell = {
  openPalette: () => void;
  openShortcuts: () => void;
  /** Opens the halt dialog, for one agent when its id is given. */
  openHalt: (agentId?: string) => void;
};

const ShellContext = createContext<Shell | null>(null);
export const ShellProvider = ShellContext.Provider;

/** What every page can open over itself. */
export function useShell(): Shell {
  const shell = useContext(ShellContext);
  if (!shell) throw new Error('useShell is used outside the signed-in pages');
  return shell;
}
