import { z } from 'zod';

/** Somebody who would come to see data because of the action. */
const audienceMember = z.object({
  kind: z.enum(['person', 'guest', 'agent', 'external']),
  /** Holdpoint's id; the address itself for somebody outside the directory. */
  id: z.string(),
  name: z.string(),
  /** Groups and channels through which they are reached, outermost first; empty when the call names them. */
  via: z.array(z.string()),
  /** Classes of the payload that they have no clearance for. */
  lacks: z.array(z.string()),
});
export type AudienceMember = z.infer<typeof audienceMember>;

/** One recipient as the call names it, and what it stands for. */
const audienceRecipient = z.object({
  /** JSON pointer into the arguments. */
  pointer: z.string(),
  value: z.string(),
  resolved: z.enum(['person', 'guest', 'agent', 'group', 'channel', 'external', 'anyone', 'unresolved']),
  name: z.string().optional(),
  /** People behind it; null when nobody knows how many. */
  count: z.number().int().nonnegative().nullable(),
  /** Why it could not be resolved, or what to know about it; for reviewers. */
  note: z.string().optional(),
});
export type AudienceRecipient = z.infer<typeof audienceRecipient>;

/** Who would come to know, frozen when it was measured. */
export const audience = z.object({
  recipients: z.array(audienceRecipient),
  members: z.array(audienceMember),
  /** Distinct people, agents and outside addresses resolved now, also those beyond the list. */
  resolved: z.number().int().nonnegative(),
  /** Ways by which further people could see it: a link anyone can open, a channel anybody may join, an outside list. */
  unbounded: z.array(
    z.object({
      pointer: z.string(),
      why: z.enum(['anyone', 'joinable', 'external_list', 'future_members']),
      name: z.string(),
    }),
  ),
  /** Of those resolved, how many lack a clearance for a class of the payload; null when the payload's classes are not known. */
  lacking: z.number().int().nonnegative().nullable(),
  /** Of those resolved, how many are not of the organisation: outside addresses and guests. */
  external: z.number().int().nonnegative(),
  /** The list was cut short. */
  truncated: z.boolean(),
  /** SHA-256 over those beyond the list, so that a change among them is seen. */
  rest: z.string().optional(),
  /** Last sync of the directory (ISO 8601); null when it is only kept by hand. */
  syncedAt: z.string().nullable(),
});
export type Audience = z.infer<typeof audience>;
