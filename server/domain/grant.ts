import { z } from 'zod';
import type { BlastRadius } from './blast-radius';
import type { Footprint } from './footprint';
import { accept, type Outcome, refuse } from './refusal';
import type { Obligation, Verdict } from './verdict';
import { LEVELS, type Level, OPERATIONS } from './vocabulary';

/** What a grant is given for: everything of the action it was made from that another one may not exceed. */
export const grantShape = z.object({
  toolHash: z.string(),
  target: z.string().nullable(),
  /** Every pair of operation and resource it touched, whatever it was reached through. */
  touches: z.array(
    z.object({
      operation: z.enum(OPERATIONS),
      resource: z.string(),
      columns: z.array(z.string()).optional(),
    }),
  ),
  classes: z.array(z.string()),
  /** Ids of everybody who would see it. */
  audience: z.array(z.object({ id: z.string(), name: z.string() })),
  level: z.enum(LEVELS),
  /** The policies that held it: another reason to hold was not looked at. */
  rules: z.array(z.string()),
  reversible: z.boolean(),
});
export type GrantShape = z.infer<typeof grantShape>;

/** How much of it, over all its uses. Rows are those read, changed and deleted; people those the data is about and those who would see it. */
export type GrantBounds = { uses: number; rows: number; people: number };

/** What of a held action grants look at. */
export type GrantableAction = {
  toolHash: string;
  target: string | null;
  footprint: Footprint | null;
  blastRadius: BlastRadius | null;
  verdict: Verdict | null;
  obligation: Obligation | null;
};

type Measured = GrantableAction & { footprint: Footprint; blastRadius: BlastRadius; obligation: Obligation };

const pair = (of: { operation: string; resource: string }): string => `${of.operation} ${of.resource}`;
const holds = (verdict: Verdict | null): string[] =>
  (verdict?.rules ?? []).filter((r) => r.verdict === 'hold').map((r) => r.id);

/** Why no grant may be about an action, whatever its bounds; null when one may. Unknown, critical, paid for or planted: people look each time. */
function ungrantable(action: GrantableAction): string | null {
  const { footprint, blastRadius: radius, obligation } = action;
  if (footprint === null || radius === null || obligation === null) return 'It was not held for people.';
  if (obligation.quorum > 1) return 'It needs more than one person, and a grant is one person’s approval.';
  if (obligation.presence !== 'session') return 'It needs a proof of presence for each approval.';
  if (obligation.roles !== undefined) return 'It is decided by role, each time.';
  if (radius.unknowns > 0 || footprint.items.some((i) => i.count === null || i.provenance === 'unknown'))
    return 'Not everything about it is known, so the next one could be anything.';
  if (radius.level === 'critical') return 'Critical actions are looked at each time.';
  if ((radius.money?.length ?? 0) > 0) return 'Money moves by one approval at a time.';
  if (footprint.origins?.some((o) => o.alarming) || (footprint.destinations?.untrusted ?? 0) > 0)
    return 'A destination was named only by content nobody vouches for.';
  if (footprint.audience?.truncated || radius.unbounded > 0)
    return 'Not everybody who would see it is known.';
  return costOf(footprint, radius) === null ? 'How much it touches is not known.' : null;
}

/** What one use takes of a grant's bounds; null when nobody could count it. */
export function costOf(footprint: Footprint, radius: BlastRadius): GrantBounds | null {
  const { rowsRead, rowsChanged, rowsDeleted, people, audience } = radius;
  if (
    rowsRead === null ||
    rowsChanged === null ||
    rowsDeleted === null ||
    people === null ||
    audience === null
  )
    return null;
  const rows = rowsRead + rowsChanged + rowsDeleted;
  return {
    uses: 1,
    rows: Math.max(rows, footprint.items.length > 0 ? 1 : 0),
    people: Math.max(people, audience),
  };
}

/** The shape of an action that somebody approved, or why there is none. */
export function shapeOf(action: GrantableAction): Outcome<GrantShape> {
  const why = ungrantable(action);
  if (why !== null) return refuse('grant_refused', `This cannot be allowed in advance. ${why}`);
  const { footprint, blastRadius, toolHash, target, verdict } = action as Measured;
  const touched = new Map<string, GrantShape['touches'][number]>();
  for (const { operation, resource, columns } of footprint.items) {
    const known = touched.get(pair({ operation, resource }));
    const all = [...(known?.columns ?? []), ...(columns ?? [])];
    const either = known?.columns !== undefined || columns !== undefined;
    touched.set(pair({ operation, resource }), {
      operation,
      resource,
      ...(either ? { columns: [...new Set(all)].sort() } : {}),
    });
  }
  return accept({
    toolHash,
    target,
    touches: [...touched.values()],
    classes: [...blastRadius.classes].sort(),
    audience: (footprint.audience?.members ?? []).map(({ id, name }) => ({ id, name })),
    level: blastRadius.level,
    rules: holds(verdict),
    reversible: blastRadius.reversible,
  });
}

/**
 * Why an action is not what a grant was given for; null when it is: the same definition and target, nothing touched, no class, nobody reached and
 * no reason to hold that was not there before, not worse on the whole, and within what is left of its bounds. More of anything never fits better.
 */
export function misfit(shape: GrantShape, left: GrantBounds, action: GrantableAction): string | null {
  const why = ungrantable(action);
  if (why !== null) return why;
  const { footprint, blastRadius: radius, toolHash, target, verdict } = action as Measured;
  if (toolHash !== shape.toolHash) return 'The definition of the tool has changed.';
  if (target !== shape.target) return 'It acts on another target.';
  const beyond = touchesBeyond(shape, footprint);
  if (beyond) return `It also touches ${beyond}.`;
  const other = radius.classes.find((c) => !shape.classes.includes(c));
  if (other) return `It touches ${other} data.`;
  const reached = new Set(shape.audience.map((a) => a.id));
  const stranger = (footprint.audience?.members ?? []).find((m) => !reached.has(m.id));
  if (stranger) return `${stranger.name} would see it.`;
  if (rank(radius.level) > rank(shape.level)) return `Its blast radius is ${radius.level}.`;
  if (!radius.reversible && shape.reversible) return 'It cannot be undone.';
  const reason = holds(verdict).find((rule) => !shape.rules.includes(rule));
  if (reason) return `It is also held by ${reason}.`;
  return tooMuch(left, costOf(footprint, radius));
}

/** The first thing or column touched that is not in the shape. */
function touchesBeyond(shape: GrantShape, footprint: Footprint): string | null {
  const touches = new Map(shape.touches.map((t) => [pair(t), t]));
  for (const { operation, resource, columns = [] } of footprint.items) {
    const known = touches.get(pair({ operation, resource }));
    if (known === undefined) return `${resource} (${operation})`;
    const column = columns.find((c) => !known.columns?.includes(c));
    if (column) return `${resource}.${column} (${operation})`;
  }
  return null;
}

const rank = (level: Level): number => LEVELS.indexOf(level);

function tooMuch(left: GrantBounds, cost: GrantBounds | null): string | null {
  if (cost === null) return 'How much it touches is not known.';
  if (cost.uses > left.uses) return 'It has been used as often as it may.';
  if (cost.rows > left.rows) return `It touches ${cost.rows} rows; ${left.rows} are left.`;
  return cost.people > left.people ? `It concerns ${cost.people} people; ${left.people} are left.` : null;
}
