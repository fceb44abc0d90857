import { z } from 'zod';
import type { BlastRadius } from './blast-radius';
import type { Footprint } from './footprint';
import type { PolicyFacts } from './verdict';
import { EFFECTS, EXECUTIONS } from './vocabulary';

/**
 * What policy looked at beside the footprint and the blast radius, which are stored anyway. Agents, tools and clearances change; a verdict can
 * be explained, and asked again under another policy, only with what was true when it was given.
 */
const storedFacts = z.object({
  agent: z.object({
    id: z.string(),
    name: z.string(),
    clearances: z.array(z.string()),
    ownerId: z.string(),
  }),
  tool: z.object({
    name: z.string(),
    kind: z.string(),
    execution: z.enum(EXECUTIONS),
    effects: z.array(z.enum(EFFECTS)),
  }),
  target: z.object({ name: z.string(), kind: z.string() }).nullable(),
  moment: z.object({ hour: z.number(), weekday: z.number(), businessHours: z.boolean() }).nullable(),
});
export type StoredFacts = Omit<PolicyFacts, 'footprint' | 'blastRadius'>;

/** What has to be kept of these facts so that `recallFacts` gives them back. */
export function keepFacts({
  footprint: _footprint,
  blastRadius: _radius,
  ...rest
}: PolicyFacts): StoredFacts {
  return rest;
}

/**
 * The facts an action was judged by, from what was stored with it. Null when there are none, or none that can be read: whoever asks then has to
 * treat it as not evaluated. A fact that policy has learnt about since is not invented here: `request.ts` takes what is absent for unknown.
 */
export function recallFacts(stored: {
  facts: unknown;
  footprint: Footprint | null;
  blastRadius: BlastRadius | null;
}): PolicyFacts | null {
  const { footprint, blastRadius } = stored;
  const kept = storedFacts.safeParse(stored.facts);
  return kept.success && footprint !== null && blastRadius !== null
    ? { ...kept.data, footprint, blastRadius }
    : null;
}
