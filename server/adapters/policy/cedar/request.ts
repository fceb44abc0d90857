import type { AuthorizationCall, EntityUidJson } from '@cedar-policy/cedar-wasm/nodejs';
import { hidesMagnitude, isSensitive, unitsOf } from '@/server/domain/blast-radius';
import type { FootprintItem } from '@/server/domain/footprint';
import type { PolicyFacts } from '@/server/domain/verdict';
import { OPEN_TO_AGENTS, type Operation } from '@/server/domain/vocabulary';

/** The question put to Cedar. Everything a verdict depends on is in it, so equal requests have equal answers. */
export type PolicyRequest = Pick<
  AuthorizationCall,
  'principal' | 'action' | 'resource' | 'context' | 'entities'
>;

/** Cedar's integers arrive as JavaScript numbers and are rounded beyond this. */
const LARGEST = Number.MAX_SAFE_INTEGER;
const LEAVING: ReadonlySet<Operation> = new Set(['send', 'share', 'invite', 'grant', 'pay']);

/** Unknown is the largest there is: a bound never holds because nobody counted (decision 004). */
const counted = (n: number | null): number => (n !== null && Number.isSafeInteger(n) && n >= 0 ? n : LARGEST);

/** Half a surrogate pair has no UTF-8, and the engine refuses the whole request for it. */
const text = (value: string): string => value.toWellFormed();
const set = (values: Iterable<string>): string[] => [...new Set([...values].map(text))].sort();
const uid = (type: string, id: string): EntityUidJson => ({ type, id: text(id) });

/** What the agent may see: its clearances and what is open to every agent. */
export const clearancesOf = (facts: PolicyFacts): string[] =>
  set([...OPEN_TO_AGENTS, ...facts.agent.clearances]);

/** Classes of the data, without `unclassified`, which is a gap in what is known and not a kind of data. */
export const classesOf = (facts: PolicyFacts): string[] =>
  set(facts.blastRadius.classes.filter((c) => c !== 'unclassified'));

function howMuch({ footprint, blastRadius: radius }: PolicyFacts) {
  const open = [
    radius.rowsRead,
    radius.rowsChanged,
    radius.rowsDeleted,
    radius.rowsReachedIndirectly,
    radius.audience,
  ];
  return {
    rowsRead: counted(radius.rowsRead),
    rowsChanged: counted(radius.rowsChanged),
    rowsDeleted: counted(radius.rowsDeleted),
    rowsReachedIndirectly: counted(radius.rowsReachedIndirectly),
    people: counted(radius.people),
    // What was never looked up in the ledger is unknown.
    runSubjects: counted(footprint.exposure?.runSubjects ?? null),
    agentSubjects: counted(footprint.exposure?.agentSubjects ?? null),
    audience: counted(radius.audience),
    unmeasured: counted(radius.unknowns),
    unbounded: open.some((n) => counted(n) === LARGEST),
    leaves: footprint.items.some((i) => i.kind === 'audience' || LEAVING.has(i.operation)),
  };
}

const namesOf = (classes: readonly { class: string }[]): string[] =>
  set(classes.map((c) => c.class).filter((c) => c !== 'unclassified'));

/**
 * Where it would go. What was never looked at, and what names no destination at all, counts as not asked for; a number nobody knows is the
 * largest there is.
 */
function whereTo({ footprint, blastRadius: radius }: PolicyFacts) {
  const { destinations: to, audience, items } = footprint;
  const outward = items.some((i) => i.kind === 'audience' || LEAVING.has(i.operation));
  return {
    asked: to?.whole === true && to.total > 0 && to.asked === to.total,
    destinations: counted(to?.whole === true ? to.total : null),
    fromUntrusted: (to?.untrusted ?? 0) + (to?.planted ?? 0),
    fromNowhere: to?.nowhere ?? 0,
    external: audience?.external ?? (outward ? LARGEST : 0),
    lacking: audience === undefined ? (outward ? LARGEST : 0) : counted(audience.lacking),
    open: (audience?.unbounded.length ?? 0) > 0 || audience?.truncated === true,
    permanent: set(items.filter((i) => i.reversible === false).map((i) => i.operation)),
    money: counted(
      radius.money === undefined
        ? items.some((i) => i.operation === 'pay')
          ? null
          : 0
        : unitsOf(radius.money),
    ),
  };
}

/** What it carries. Without a payload nobody looked, and then nothing about it is known. */
function whatItCarries({ footprint, blastRadius: radius }: PolicyFacts) {
  const { payload, items } = footprint;
  const classes = payload?.classes ?? [];
  const by = (from: string) => namesOf(classes.filter((c) => c.from === from && c.possible !== true));
  const certain = [
    ...items.flatMap((i) => i.classes ?? []),
    ...classes.filter((c) => c.possible !== true).map((c) => c.class),
  ];
  return {
    carries: {
      known: payload !== undefined && !payload.truncated,
      declared: by('declared'),
      found: by('scan'),
      read: by('run'),
      possible: namesOf(classes.filter((c) => c.possible === true)),
    },
    certain: set((payload === undefined ? radius.classes : certain).filter((c) => c !== 'unclassified')),
    secrets: payload?.findings.filter((f) => f.class === 'credential').length ?? 0,
    runRead: set(payload?.read ?? []),
  };
}

/** A sequence that a column's default advanced leaves a gap and nothing else; the rows it numbered are counted in items of their own. */
const isOnlyNumbering = (i: FootprintItem): boolean =>
  i.kind === 'sequence' && i.provenance === 'estimated' && i.via !== undefined && i.reversible !== false;

function howSure({ footprint, blastRadius: radius }: PolicyFacts) {
  const weak = footprint.items.some(
    (i) => (i.provenance === 'estimated' && !isOnlyNumbering(i)) || i.provenance === 'unknown',
  );
  return {
    exact: !weak,
    hidden: hidesMagnitude(footprint),
    described: footprint.method !== 'none',
    unknownColumns:
      radius.classes.includes('unclassified') ||
      footprint.unknowns.some((u) => u.code === 'unclassified_columns'),
    unknowns: set(footprint.unknowns.map((u) => u.code)),
    reversible: radius.reversible,
    forbidden: footprint.forbidden !== undefined,
  };
}

/** What its agent has done before. Nobody looked: never. */
function whatItIsUsedTo({ habits, runsFor }: PolicyFacts['footprint']) {
  return {
    firstUse: habits?.firstUse ?? true,
    firstTarget: habits?.firstTarget ?? true,
    newAudience: counted(habits?.newAudience ?? null),
    unusual: set(habits?.unusual ?? ['unknown']),
    rate: counted(habits?.rate ?? null),
    runsFor: text(runsFor ?? ''),
  };
}

function contextOf(facts: PolicyFacts) {
  const { tool, footprint, blastRadius: radius, moment } = facts;
  return {
    tool: {
      name: text(tool.name),
      kind: text(tool.kind),
      execution: tool.execution,
      effects: set(tool.effects),
    },
    does: set(footprint.items.map((i) => i.operation)),
    classes: classesOf(facts),
    sensitive: radius.classes.some(isSensitive),
    level: radius.level,
    ...howMuch(facts),
    ...whereTo(facts),
    ...whatItCarries(facts),
    ...howSure(facts),
    ...whatItIsUsedTo(footprint),
    ...(footprint.mandate === undefined
      ? {}
      : {
          mandate: {
            granted: footprint.mandate.granted,
            inside: footprint.mandate.outside.length === 0,
            outside: set(footprint.mandate.outside.map((o) => o.what)),
          },
        }),
    ...(moment === null ? {} : { moment }),
  };
}

/** Puts measured facts into Cedar's words. Pure; it never invents a fact that makes an action look smaller. */
export function requestFor(facts: PolicyFacts): PolicyRequest {
  const { agent, footprint } = facts;
  const principal = uid('Agent', agent.name);
  const resource = uid('Target', facts.target?.name ?? '');
  // The analyzer's proof and the items must agree: a read that deletes is no read.
  const reads = footprint.readOnly && footprint.items.every((i) => i.operation === 'read');
  return {
    principal,
    action: uid('Action', reads ? 'read' : 'change'),
    resource,
    context: contextOf(facts),
    entities: [
      {
        uid: principal,
        attrs: {
          id: text(agent.id),
          owner: { __entity: { type: 'Person', id: text(agent.ownerId) } },
          clearances: clearancesOf(facts),
        },
        parents: [],
      },
      { uid: resource, attrs: { kind: text(facts.target?.kind ?? 'none') }, parents: [] },
    ],
  };
}
