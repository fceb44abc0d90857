import { isSensitive } from './blast-radius';
import type { Exposure, ExposureRow } from './exposure';
import type { Footprint } from './footprint';
import type { Disclosure, Knowledge } from './knowledge';
import { SUBJECT_BYTES } from './subject-index';
import type { Classification } from './vocabulary';

/** What comes back to whoever acts: which classes, about whom. */
export type Disclosed = { classes: Classification[]; subjects: Buffer | null; count: number | null };

/** What everybody concerned knows so far. */
export type Known = {
  tool: string;
  at: Date;
  agent: Knowledge;
  /** Null outside a run: then the action is a run of its own. */
  run: { knowledge: Knowledge; labels: readonly { class: Classification; tool: string }[] } | null;
  /** By id, those the call would show something to; somebody who is missing knows nothing yet. */
  knowers: ReadonlyMap<string, Knowledge>;
};

/** What an action adds, and what has to be written for it. */
export type Exposing = { exposure: Exposure; rows: ExposureRow[]; addsLabels: boolean };

const DAY_MS = 86_400_000;
/** Beyond this many comparisons everything is taken for new: an upper bound instead of a stalled process. */
const MOST_COMPARISONS = 5_000_000;
const OUTWARD: ReadonlySet<string> = new Set(['send', 'share', 'invite', 'grant']);
const isLabel = (name: Classification): boolean => name !== 'public';

/** Whether something leaves through the call, to whomever. */
export const goesOut = (footprint: Footprint): boolean =>
  footprint.items.some((i) => i.kind === 'audience' || OUTWARD.has(i.operation));

/** Ids of those who would come to see what the call carries, as far as they are known one by one. */
export const knowersOf = (footprint: Footprint): string[] =>
  goesOut(footprint) ? [...new Set((footprint.audience?.members ?? []).map((m) => m.id))] : [];

/** What a measured call adds to what is known. Never less than it adds: what cannot be told apart counts as new, what cannot be counted is null. */
export function exposureOf(footprint: Footprint, disclosed: Disclosed | null, known: Known): Exposing {
  const read = disclosed === null ? null : readBy(disclosed, known);
  const sent = goesOut(footprint) ? sentTo(footprint, known) : null;
  const parts = [read, sent].filter((part) => part !== null);
  const sum = (of: (part: Part) => number | null): number | null =>
    parts.reduce<number | null>(
      (total, part) => (total === null || of(part) === null ? null : total + (of(part) ?? 0)),
      0,
    );
  const asDisclosure = disclosed === null ? null : { ...disclosed, at: known.at };
  const people = (knowledge: Knowledge, since: Date | null) =>
    asDisclosure === null ? knowledge.people(since) : knowledge.peopleWith(asDisclosure, since);
  const dayAgo = new Date(known.at.getTime() - DAY_MS);
  return {
    exposure: {
      audience: sum((p) => p.audience),
      subjects:
        read !== null && sent !== null ? larger(read.subjects, sent.subjects) : sum((p) => p.subjects),
      classes: [...new Set(parts.flatMap((p) => p.classes))].sort(),
      entries: sum((p) => p.entries),
      runSubjects: known.run === null ? own(disclosed) : people(known.run.knowledge, null),
      agentSubjects: people(known.agent, dayAgo),
    },
    rows: parts.flatMap((p) => p.row ?? []),
    addsLabels: read?.addsLabels ?? false,
  };
}

type Part = Pick<Exposure, 'audience' | 'subjects' | 'classes' | 'entries'> & {
  row: ExposureRow | null;
  addsLabels: boolean;
};

const larger = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? null : Math.max(a, b);

/** Outside a run nothing came before. */
function own(disclosed: Disclosed | null): number | null {
  if (disclosed === null || !disclosed.classes.some(isSensitive)) return 0;
  return disclosed.subjects === null ? disclosed.count : disclosed.subjects.length / SUBJECT_BYTES;
}

function readBy(disclosed: Disclosed, known: Known): Part {
  const classes = disclosed.classes.filter(isLabel).sort();
  const disclosure: Disclosure = { ...disclosed, classes, at: known.at };
  const added = known.agent.adds(disclosure);
  const labels = new Set((known.run?.labels ?? []).map((l) => `${l.class} ${l.tool}`));
  const addsLabels = known.run !== null && classes.some((c) => !labels.has(`${c} ${known.tool}`));
  const subjects = classes.length === 0 ? null : freshOf(disclosure, known);
  const isNew =
    addsLabels || (disclosed.subjects === null ? disclosed.count !== 0 : (subjects?.length ?? 0) > 0);
  return {
    ...added,
    audience: added.entries === null || added.entries > 0 ? 1 : 0,
    addsLabels,
    row:
      classes.length === 0 || !isNew
        ? null
        : {
            kind: 'read',
            knowers: [],
            classes,
            subjects: disclosed.subjects === null ? null : subjects,
            count: disclosed.subjects === null ? disclosed.count : 0,
          },
  };
}

/** Those of the subjects that the ledger does not have yet for this agent, this run and this hour. */
function freshOf(disclosure: Disclosure, known: Known): Buffer | null {
  const { subjects } = disclosure;
  if (subjects === null) return null;
  const fresh = Buffer.allocUnsafe(subjects.length);
  let kept = 0;
  for (let at = 0; at < subjects.length; at += SUBJECT_BYTES) {
    const isNews =
      known.agent.isNews(disclosure, at, { hourly: true }) ||
      known.run?.knowledge.isNews(disclosure, at, { hourly: false });
    if (!isNews) continue;
    subjects.copy(fresh, kept, at, at + SUBJECT_BYTES);
    kept += SUBJECT_BYTES;
  }
  return fresh.subarray(0, kept);
}

/** What the call carries: everything its run has read, as far as the classes of the payload say. Where nobody knows what it carries, neither does this. */
function carried(footprint: Footprint, known: Known): Disclosure {
  const labels = new Set((known.run?.labels ?? []).map((l) => l.class));
  const declared = footprint.payload?.classes.map((c) => c.class) ?? [
    ...labels,
    ...footprint.items.filter((i) => OUTWARD.has(i.operation)).flatMap((i) => i.classes ?? []),
  ];
  const classes = [...new Set(declared)].filter(isLabel).sort();
  if (classes.length === 0) return { classes, subjects: null, count: 0, at: known.at };
  const isFromElsewhere = classes.some((c) => isSensitive(c) && !labels.has(c));
  if (known.run === null || isFromElsewhere) return { classes, subjects: null, count: null, at: known.at };
  const { subjects, unnamed } = known.run.knowledge.everybody();
  if (unnamed !== 0) {
    const count = unnamed === null ? null : unnamed + subjects.length / SUBJECT_BYTES;
    return { classes, subjects: null, count, at: known.at };
  }
  return { classes, subjects, count: 0, at: known.at };
}

function sentTo(footprint: Footprint, known: Known): Part {
  const carries = carried(footprint, known);
  const ids = knowersOf(footprint);
  const { audience } = footprint;
  const total = carries.subjects === null ? carries.count : carries.subjects.length / SUBJECT_BYTES;
  const open = audience === undefined || audience.truncated || audience.unbounded.length > 0;
  const row: ExposureRow = {
    kind: 'sent',
    knowers: ids,
    classes: [...carries.classes],
    subjects: carries.subjects,
    count: carries.count,
  };
  const learnt = newTo(carries, ids, total, known);
  const unlisted = Math.max(0, (audience?.resolved ?? 0) - ids.length);
  const nothing = carries.classes.length === 0 || total === 0;
  if (nothing) return { audience: 0, subjects: 0, entries: 0, classes: [], addsLabels: false, row: null };
  return {
    audience: open ? null : learnt.audience + unlisted,
    subjects: unlisted > 0 || open ? total : learnt.subjects,
    entries:
      open || total === null || learnt.entries === null
        ? null
        : learnt.entries + unlisted * total * carries.classes.length,
    classes: unlisted > 0 || open ? [...carries.classes] : learnt.classes,
    addsLabels: false,
    row: ids.length === 0 || learnt.entries === 0 ? null : row,
  };
}

type Learnt = { audience: number; subjects: number | null; entries: number | null; classes: string[] };

function newTo(carries: Disclosure, ids: readonly string[], total: number | null, known: Known): Learnt {
  const everything = total === null ? null : total * carries.classes.length;
  const comparisons = ids.length * (total ?? 0);
  if (carries.subjects === null || comparisons > MOST_COMPARISONS) {
    const entries = everything === null ? null : everything * ids.length;
    return { audience: ids.length, subjects: total, entries, classes: [...carries.classes] };
  }
  let [audience, entries] = [0, 0];
  const classes = new Set<string>();
  const news = new Uint8Array(carries.subjects.length / SUBJECT_BYTES);
  for (const id of ids) {
    const knows = known.knowers.get(id);
    const added = knows?.adds(carries) ?? { entries: everything, classes: carries.classes };
    if (added.entries === 0) continue;
    audience += 1;
    entries += added.entries ?? 0;
    for (const name of added.classes) classes.add(name);
    for (let at = 0; at < carries.subjects.length; at += SUBJECT_BYTES) {
      if (knows === undefined || knows.isNews(carries, at, { hourly: false })) news[at / SUBJECT_BYTES] = 1;
    }
  }
  return { audience, entries, classes: [...classes].sort(), subjects: news.reduce((n, one) => n + one, 0) };
}
