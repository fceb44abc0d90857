import type { HaltScope } from '@/server/domain/vocabulary';

/** One thing that a halt could stop, short of everything. */
export type HaltSubject = { scope: Exclude<HaltScope, 'workspace'>; id: string; name: string };
export type HaltOrder = { scope: HaltScope; id?: string; reason: string };

/** What the agent says of its goal names a run; it is never shown as if it were a name. */
export const subjectName = ({ scope, name }: HaltSubject): string => (scope === 'run' ? 'this run' : name);
