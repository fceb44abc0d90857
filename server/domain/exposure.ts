import { z } from 'zod';

/**
 * What an action adds to the exposure ledger: who would come to know which classes about whom, beyond what they know already. Numbers are null
 * when they could not be counted, never zero by default. It moves with what others do and is no part of a footprint's digest.
 */
export const exposure = z.object({
  /** People and agents who would learn something new. */
  audience: z.number().int().nonnegative().nullable(),
  /** Distinct data subjects about whom somebody would learn something new. */
  subjects: z.number().int().nonnegative().nullable(),
  /** Classes among what is new. */
  classes: z.array(z.string()),
  /** Audience × subject × class triples the ledger does not have yet. */
  entries: z.number().int().nonnegative().nullable(),
  /** Distinct data subjects about whom this run has read sensitive data so far, this action included. */
  runSubjects: z.number().int().nonnegative().nullable(),
  /** The same for the agent over the last 24 hours (rounded up to the hour), whatever the run. */
  agentSubjects: z.number().int().nonnegative().nullable(),
});
export type Exposure = z.infer<typeof exposure>;

/** One row of the ledger, before it is known whether and when it takes effect. */
export type ExposureRow = {
  /** `read`: the agent that acts comes to know. `sent`: the knowers do. */
  kind: 'read' | 'sent';
  knowers: string[];
  classes: string[];
  /** Keyed hashes, packed and sorted; null when identities are not known. */
  subjects: Buffer | null;
  /** People beyond those hashes, or all of them without; null when nobody could count them. */
  count: number | null;
};
