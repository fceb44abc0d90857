import type { BlastRadius } from './blast-radius';
import type { Moment } from './business-calendar';
import type { Footprint } from './footprint';
import type { Classification, EffectKind, ExecutionMode, Role } from './vocabulary';

/** One rule that matched, in words a reviewer can read aloud. */
export type MatchedRule = { id: string; title: string; because: string; verdict: 'allow' | 'hold' | 'deny' };

/** A hold's obligations: who, how many distinct people, by when, with what proof. */
export type Obligation = {
  /** Names of groups whose members may decide; empty means every reviewer of the workspace. */
  reviewers: string[];
  /** Distinct people who must approve; at least 1. */
  quorum: number;
  expirySeconds: number;
  /** `passkey` asks for proof of presence with the decision. */
  presence: 'session' | 'passkey';
  /** Only people with one of these roles decide; absent: everybody whose role decides. */
  roles?: Role[];
};

export type Verdict =
  | { verdict: 'allow'; rules: MatchedRule[]; policy: string }
  | { verdict: 'hold'; rules: MatchedRule[]; obligation: Obligation; policy: string }
  | { verdict: 'deny'; rules: MatchedRule[]; policy: string };

/** What policy may look at. Built by operations from measured facts; never from what the agent says about itself. */
export type PolicyFacts = {
  agent: { id: string; name: string; clearances: readonly Classification[]; ownerId: string };
  tool: { name: string; kind: string; execution: ExecutionMode; effects: readonly EffectKind[] };
  target: { name: string; kind: string } | null;
  /** What time it was for the people of the company when it was measured; null where business hours are not configured. */
  moment: Moment | null;
  footprint: Footprint;
  blastRadius: BlastRadius;
};
