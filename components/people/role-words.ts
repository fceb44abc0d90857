import type { Role } from '@/server/domain/vocabulary';

/** What each role may do, in words for whoever gives it. */
export const ROLE_WORDS: Readonly<Record<Role, { name: string; means: string }>> = {
  owner: { name: 'Owner', means: 'Everything, and decides who else is an owner or a security lead' },
  security_lead: { name: 'Security lead', means: 'Sets up agents, targets and people; halts and lifts' },
  reviewer: { name: 'Reviewer', means: 'Decides what is held' },
  auditor: { name: 'Auditor', means: 'Reads everything, decides nothing' },
};
