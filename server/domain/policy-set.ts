import { z } from 'zod';
import { hashOf } from './canonical';

export const MAX_POLICIES = 1_000;
const MAX_CASES = 3_000;
const MAX_TEXT = 20_000;
/** Policies and cases together. What is evaluated for every action must stay readable, and loadable in an instant. */
export const MAX_SET_BYTES = 1_000_000;

const wellFormed = (text: string): boolean => text.isWellFormed() && !text.includes('\0');
const text = (max: number) =>
  z.string().max(max).refine(wellFormed, 'contains a NUL character or half of a surrogate pair; remove it');

/** One policy of a set. A disabled one is kept, and judges nothing. */
export const policyEntry = z.strictObject({
  id: text(80).regex(/^[a-z][a-z0-9-]*$/, 'must be lower-case words joined by hyphens'),
  text: text(MAX_TEXT),
  disabled: z.literal(true).optional(),
});
export type PolicyEntry = z.infer<typeof policyEntry>;

/** One case as JSON text: what is known about an action, and which policies must answer. */
export const policyCaseEntry = z.strictObject({
  name: text(120).regex(/^[a-z0-9][a-z0-9-]*$/, 'must be lower-case words joined by hyphens'),
  verdict: z.enum(['allow', 'hold', 'deny']),
  text: text(MAX_TEXT),
});
export type PolicyCaseEntry = z.infer<typeof policyCaseEntry>;

const unique = (keys: readonly string[]): boolean => new Set(keys).size === keys.length;

/** What a version consists of: policies in the order they are written, and the cases that hold them to what they are for. */
export const policySet = z
  .strictObject({
    policies: z
      .array(policyEntry)
      .max(MAX_POLICIES, `is more than ${MAX_POLICIES} policies`)
      .refine((all) => unique(all.map((p) => p.id)), 'has two policies of one name'),
    cases: z
      .array(policyCaseEntry)
      .max(MAX_CASES, `is more than ${MAX_CASES} cases`)
      .refine((all) => unique(all.map((c) => `${c.verdict}/${c.name}`)), 'has two cases of one name'),
  })
  .refine(
    (set) => Buffer.byteLength(JSON.stringify(set)) <= MAX_SET_BYTES,
    `is larger than ${MAX_SET_BYTES / 1_000_000} MB; fewer policies with wider conditions are also easier to read`,
  );
export type PolicySet = z.infer<typeof policySet>;
/** Names what a set says, cases included: what was looked at is what is published. */
export const policySetHash = (set: PolicySet): string =>
  `sha256:${hashOf({ policies: set.policies, cases: set.cases })}`;
