import { z } from 'zod';
import { VALUE_ROLES } from './argument-values';

/** Where one value of the arguments came from. */
export const originFact = z.object({
  /** JSON pointer into the arguments. */
  pointer: z.string(),
  /** As it stands there, cut at some length. */
  value: z.string(),
  origin: z.enum(['goal', 'mandate', 'directory', 'result', 'reason', 'nowhere']),
  detail: z.string(),
  trusted: z.boolean(),
  /** It says where something goes (a recipient, an account, a URL, a path) and came only from content nobody vouches for. */
  alarming: z.boolean(),
  /** What part the value plays, by the tool's effect map. */
  role: z.enum(VALUE_ROLES).optional(),
  /** Where in the string at `pointer` it stands (UTF-16), when it is a part of it. */
  start: z.number().int().nonnegative().optional(),
  end: z.number().int().nonnegative().optional(),
  /** Of a longer text: the share of its words that stand word for word in results nobody vouches for. */
  share: z.number().min(0).max(1).optional(),
});
export type OriginFact = z.infer<typeof originFact>;

/**
 * Where what the call names would go, counted over all of it, also beyond the origins that are kept. What could not be looked at counts against
 * it: `whole` is false then.
 */
export const destinations = z.object({
  /** Recipients, accounts, URLs and paths that the effect map marks. */
  total: z.number().int().nonnegative(),
  /** Of them: the goal or mandate names them, the directory knows them, or a trusted result does. */
  asked: z.number().int().nonnegative(),
  /** Of them: only content nobody vouches for names them. */
  untrusted: z.number().int().nonnegative(),
  /** Of them: nothing this run was given or has read names them. */
  nowhere: z.number().int().nonnegative(),
  /** Addresses, links, accounts and numbers inside texts that only content nobody vouches for names. */
  planted: z.number().int().nonnegative(),
  /** Everything was looked at. */
  whole: z.boolean(),
});
export type Destinations = z.infer<typeof destinations>;

/** A tool's result as the run saw it. `text` is JSON. */
export type SeenResult = { tool: string; text: string; trusted: boolean };

/** Where values of this run can have come from beside the directory, in order of trust. */
export type OriginSources = { goal: string | null; mandate: unknown; results: readonly SeenResult[] };
