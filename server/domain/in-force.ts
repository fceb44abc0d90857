import type { PolicyEngine } from './ports';

/** Which policy judges a workspace now. `policy` names version and content, and is compared by the database. */
export type InForce = { version: number; policy: string; engine: PolicyEngine };
