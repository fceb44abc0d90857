import { countWords } from '@/components/ui/number-words';
import type { BlastRadius } from '@/server/domain/blast-radius';
import type { Footprint, FootprintItem } from '@/server/domain/footprint';
import { type Classification, PROVENANCES, type Provenance } from '@/server/domain/vocabulary';

export type RingSegment = { key: string; label: string; classification: Classification; share: number };
/** One ring of the drawing, and the number beside it. `count` null is a hole; `atLeast` means some of it could be counted. */
export type RingFigure = {
  id: 'direct' | 'reached' | 'people' | 'audience';
  label: string;
  unit: [one: string, many: string];
  count: number | null;
  atLeast: number | null;
  provenance: Provenance;
  segments: RingSegment[];
  /** What the number consists of, in words. */
  detail: string;
};

/** From least to most guarded; a class the workspace made itself counts as the most guarded. */
const GUARD = ['public', 'internal', 'personal', 'financial', 'health', 'unclassified', 'credential'];
const guardOf = (name: Classification): number => {
  const rank = GUARD.indexOf(name);
  return rank < 0 ? GUARD.length : rank;
};
export const mostGuarded = (classes: readonly Classification[]): Classification =>
  [...classes].sort((a, b) => guardOf(b) - guardOf(a))[0] ?? 'internal';

const weakest = (items: readonly { provenance: Provenance }[]): Provenance =>
  PROVENANCES[Math.max(0, ...items.map((item) => PROVENANCES.indexOf(item.provenance)))] ?? 'unknown';

const known = (items: readonly FootprintItem[]): number =>
  items.reduce((sum, item) => sum + (item.count ?? 0), 0);

/** Shares by the logarithm of the count: eight rows stay visible beside a hundred thousand. */
function segmentsOf(items: readonly FootprintItem[]): RingSegment[] {
  const weights = items.map((item) => Math.log10((item.count ?? 1) + 1) + 0.35);
  const sum = weights.reduce((a, b) => a + b, 0) || 1;
  return items.map((item, index) => ({
    key: `${item.resource}/${item.operation}/${item.via ?? ''}`,
    label: `${item.resource} (${item.operation})`,
    classification: mostGuarded(item.classes ?? []),
    share: (weights[index] ?? 0) / sum,
  }));
}

/** Tables, and whatever nobody can see into: an opaque function may touch any number of rows, so it makes a hole in the number. */
function isRows(item: FootprintItem): boolean {
  if (item.kind === 'file') return true;
  if (item.kind === 'relation') return item.operation !== 'define';
  return (item.kind === 'function' || item.kind === 'statement') && item.count === null;
}
const VERB: Partial<Record<FootprintItem['operation'], string>> = {
  read: 'read',
  insert: 'inserted',
  update: 'updated',
  delete: 'deleted',
  truncate: 'emptied',
  lock: 'locked',
};

function wordsOf(items: readonly FootprintItem[]): string {
  const sums = new Map<string, number | null>();
  const isCounted = (item: FootprintItem) => item.kind === 'relation' || item.kind === 'file';
  const opaque = items.some((item) => !isCounted(item));
  for (const item of items.filter(isCounted)) {
    const word = VERB[item.operation] ?? item.operation;
    const sum = sums.get(word);
    sums.set(word, sum === null || item.count === null ? null : (sum ?? 0) + item.count);
  }
  return [
    ...[...sums].map(([word, sum]) => `${sum === null ? 'unknown number' : countWords(sum)} ${word}`),
    ...(opaque ? ['and whatever it calls that cannot be read ahead'] : []),
  ].join(', ');
}

function rowsFigure(id: 'direct' | 'reached', label: string, items: readonly FootprintItem[]): RingFigure {
  const hole = items.some((item) => item.count === null);
  const sum = known(items);
  return {
    id,
    label,
    unit: items.some((item) => item.kind === 'file') ? ['file', 'files'] : ['row', 'rows'],
    count: hole ? null : sum,
    atLeast: hole && sum > 0 ? sum : null,
    provenance: hole ? 'unknown' : weakest(items),
    segments: segmentsOf(items),
    detail: wordsOf(items),
  };
}

function peopleFigure(footprint: Footprint, radius: BlastRadius): RingFigure {
  const about = footprint.items.filter((item) => item.subjects !== undefined);
  const classes = radius.classes.length > 0 ? radius.classes : ['internal'];
  return {
    id: 'people',
    label: 'People it is about',
    unit: ['person', 'people'],
    count: radius.people,
    atLeast: null,
    provenance: radius.people === null ? 'unknown' : weakest(about),
    segments:
      radius.people === 0
        ? []
        : classes.map((name) => ({
            key: name,
            label: name,
            classification: name,
            share: 1 / classes.length,
          })),
    detail: radius.people === 0 ? 'nobody in particular' : `their ${classes.join(', ')} data`,
  };
}

function audienceFigure(footprint: Footprint, radius: BlastRadius): RingFigure {
  const items = footprint.items.filter((item) => item.kind === 'audience');
  return {
    id: 'audience',
    label: 'People who will see it',
    unit: ['person', 'people'],
    count: radius.audience,
    atLeast: null,
    provenance: radius.audience === null ? 'unknown' : weakest(items),
    segments: segmentsOf(items),
    detail: items.length > 0 ? 'resolved from groups and lists' : 'besides the agent itself',
  };
}

/** Nothing at all is known about it: every ring of rows is a hole. */
const isBlank = (footprint: Footprint): boolean =>
  footprint.items.length === 0 && footprint.unknowns.length > 0;
const hole = (id: 'direct' | 'reached', label: string): RingFigure => ({
  id,
  label,
  unit: ['row', 'rows'],
  count: null,
  atLeast: null,
  provenance: 'unknown',
  segments: [],
  detail: 'nobody could count them',
});
const UNSEEN = [hole('direct', 'Rows it touches'), hole('reached', 'Rows reached through others')];

/**
 * The four numbers of the drawing, from the inside out. A statement that changes rows is drawn by what it changes; only a pure read is drawn by
 * what it reads. Nothing unknown is ever drawn as zero.
 */
export function ringFigures(footprint: Footprint, radius: BlastRadius): RingFigure[] {
  const rows = footprint.items.filter(isRows);
  const direct = rows.filter((item) => item.via === undefined);
  const changes = direct.filter((item) => item.operation !== 'read');
  const reached = rows.filter(
    (item) => item.via !== undefined && (changes.length === 0 || item.operation !== 'read'),
  );
  const people = [peopleFigure(footprint, radius), audienceFigure(footprint, radius)];
  // A tool that touches no table has no rows to draw: two zeros would say that somebody counted.
  if (rows.length === 0) return isBlank(footprint) ? [...UNSEEN, ...people] : people;
  const what = rows.some((item) => item.kind === 'file') ? 'Files' : 'Rows';
  return [
    rowsFigure(
      'direct',
      changes.length > 0 ? `${what} it changes` : `${what} it reads`,
      changes.length > 0 ? changes : direct,
    ),
    // Nothing is reached through a file.
    ...(what === 'Files' ? [] : [rowsFigure('reached', 'Rows reached through others', reached)]),
    ...people,
  ];
}
