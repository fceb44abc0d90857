import { z } from 'zod';

const names = z.array(z.string().trim().min(1).max(320)).max(200);
const amount = z.number().int().min(0).max(1_000_000_000_000);

/** What a run may do. What is not named is not limited by it; policy limits it anyway. */
export const mandateLimits = z.object({
  /** Names of tools. */
  tools: names.optional(),
  /** Names of targets. */
  targets: names.optional(),
  /** Classes of data it may touch, beside public and internal data. */
  classes: names.optional(),
  /** Who may see what it sends: addresses, `@domain` for everybody there, names of groups and people of the directory. */
  audience: names.optional(),
  /** Over the whole run: calls; rows read, changed and deleted; people, counted per call; whole units of money. */
  budget: z
    .object({
      calls: amount.optional(),
      rows: amount.optional(),
      people: amount.optional(),
      money: amount.optional(),
    })
    .optional(),
});
export type MandateLimits = z.infer<typeof mandateLimits>;

const asks = {
  ...mandateLimits.shape,
  /** A template of the workspace by name. */
  template: z.string().trim().min(1).max(100).optional(),
  /** How long it wants it for. */
  hours: z
    .number()
    .positive()
    .max(24 * 31)
    .optional(),
};
const asked = z.object(asks);
export type AskedMandate = z.infer<typeof asked>;

/**
 * What an agent asks for when it starts a run. Keys that are not understood, or not in the form they would be understood in, are its own words:
 * they bind nothing, and people read them.
 */
export function readAsked(mandate: Readonly<Record<string, unknown>>): AskedMandate {
  const understood = Object.entries(asks).flatMap(([key, shape]) => {
    const read = shape.safeParse(mandate[key]);
    return read.success && read.data !== undefined ? [[key, read.data] as const] : [];
  });
  return asked.parse(Object.fromEntries(understood));
}

export type Spent = { calls: number; rows: number; people: number; money: number };
/** The mandate of a run as it stands. */
export type Mandate = {
  limits: MandateLimits;
  /** Who granted it; null while the agent has only asked. */
  by: string | null;
  expiresAt: string | null;
  ended: boolean;
  spent: Spent;
};

const BEYOND = ['tool', 'target', 'classes', 'audience', 'calls', 'rows', 'people', 'money', 'time'] as const;
export type Beyond = (typeof BEYOND)[number];

/** How a planned action stands to its run's mandate, frozen into the footprint. */
export const mandateFact = z.object({
  granted: z.boolean(),
  /** Where it goes beyond, in words; empty when it is inside. */
  outside: z.array(z.object({ what: z.enum(BEYOND), why: z.string() })),
});
export type MandateFact = z.infer<typeof mandateFact>;
