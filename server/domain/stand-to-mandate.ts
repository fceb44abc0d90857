import { type BlastRadius, unitsOf } from './blast-radius';
import type { Footprint } from './footprint';
import type { Beyond, Mandate, MandateFact, Spent } from './mandate';

/** More than any budget: what nobody could count spends all there is. */
export const UNCOUNTED = 4_000_000_000_000;
const counted = (n: number | null): number => Math.min(UNCOUNTED, n ?? UNCOUNTED);

/** What an action takes of its run's budget. */
export function spends(radius: BlastRadius): Omit<Spent, 'calls'> {
  const rows = counted(radius.rowsRead) + counted(radius.rowsChanged) + counted(radius.rowsDeleted);
  return {
    rows: Math.min(UNCOUNTED, rows),
    people: Math.max(counted(radius.people), counted(radius.audience)),
    money: counted(radius.money === undefined ? 0 : unitsOf(radius.money)),
  };
}

const ALWAYS: ReadonlySet<string> = new Set(['public', 'internal']);
const many = (n: number): string => (n >= UNCOUNTED ? 'an unknown number' : n.toLocaleString('en'));
const listed = (all: readonly string[]): string => all.slice(0, 5).join(', ');

/** Whether somebody who would see it is named: by address, by domain, by name, or through a group they are reached by. */
function isNamed(
  allowed: readonly string[],
  member: { id: string; name: string; via: readonly string[] },
): boolean {
  const at = member.id.lastIndexOf('@');
  const domain = at < 0 ? null : member.id.slice(at).toLowerCase();
  return allowed.some((one) => {
    const wanted = one.toLowerCase();
    if (wanted.startsWith('@')) return wanted === domain;
    return [member.id, member.name, ...member.via].some((known) => known.toLowerCase() === wanted);
  });
}

function audienceBeyond(
  allowed: readonly string[],
  footprint: Footprint,
  radius: BlastRadius,
): string | null {
  const { audience } = footprint;
  if (radius.audience === 0) return null;
  if (audience === undefined || audience.truncated || radius.audience === null)
    return 'Not everybody who would see it is known.';
  const open = audience.unbounded.find(
    (way) => !allowed.some((one) => one.toLowerCase() === way.name.toLowerCase()),
  );
  if (open) return `Further people could come to see it through ${open.name}.`;
  const strangers = audience.members.filter((m) => !isNamed(allowed, m)).map((m) => m.name);
  return strangers.length === 0 ? null : `It does not name ${listed(strangers)}.`;
}

function budgetBeyond(mandate: Mandate, radius: BlastRadius): MandateFact['outside'] {
  const { budget = {} } = mandate.limits;
  const now: Spent = { calls: 1, ...spends(radius) };
  const words: Record<keyof Spent, string> = {
    calls: 'calls',
    rows: 'rows',
    people: 'people',
    money: 'units of money',
  };
  return (['calls', 'rows', 'people', 'money'] as const).flatMap((what) => {
    const most = budget[what];
    if (most === undefined || mandate.spent[what] + now[what] <= most) return [];
    const left = Math.max(0, most - mandate.spent[what]).toLocaleString('en');
    return [
      {
        what,
        why: `It takes ${many(now[what])} ${words[what]}; ${left} of ${most.toLocaleString('en')} are left.`,
      },
    ];
  });
}

/** Where a measured call goes beyond its run's mandate. More of anything never brings it back inside. */
export function standToMandate(
  mandate: Mandate,
  call: { tool: string; target: string | null; footprint: Footprint; radius: BlastRadius; at: Date },
): MandateFact {
  const { limits } = mandate;
  const { radius, footprint } = call;
  const outside: MandateFact['outside'] = [];
  const beyond = (what: Beyond, why: string | null) => why !== null && outside.push({ what, why });
  const over = mandate.expiresAt !== null && Date.parse(mandate.expiresAt) <= call.at.getTime();
  beyond('time', mandate.ended ? 'It was ended.' : over ? 'Its time is over.' : null);
  if (limits.tools)
    beyond('tool', limits.tools.includes(call.tool) ? null : `It does not name ${call.tool}.`);
  if (limits.targets && call.target !== null) {
    beyond('target', limits.targets.includes(call.target) ? null : `It does not name ${call.target}.`);
  }
  if (limits.classes) {
    const others = radius.classes.filter((c) => !ALWAYS.has(c) && !limits.classes?.includes(c));
    beyond('classes', others.length === 0 ? null : `It does not name ${listed(others)} data.`);
  }
  if (limits.audience) beyond('audience', audienceBeyond(limits.audience, footprint, radius));
  return { granted: mandate.by !== null, outside: [...outside, ...budgetBeyond(mandate, radius)] };
}
