'use client';
import { createContext, type ReactNode, useContext } from 'react';
import type { MeView } from '@/server/domain/views';
import type { Role } from '@/server/domain/vocabulary';

const MeContext = createContext<MeView | null>(null);

export const MeProvider = ({ me, children }: { me: MeView; children: ReactNode }) => (
  <MeContext.Provider value={me}>{children}</MeContext.Provider>
);

/** The signed-in person. Only inside the signed-in part of the application. */
export function useMe(): MeView {
  const me = useContext(MeContext);
  if (!me) throw new Error('useMe is used outside the signed-in pages');
  return me;
}

/** Whether the person has one of these roles: for what to show. What they may do is decided by the API alone. */
export const hasRole = (me: MeView, ...roles: Role[]): boolean =>
  me.roles.some((role) => roles.includes(role));
