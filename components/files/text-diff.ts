import { diffLines } from 'diff';

export type DiffLine =
  | { kind: 'same' | 'added' | 'removed'; text: string }
  | { kind: 'skipped'; count: number };

/** Lines that stay around a change, so that it can be read where it stands. */
const AROUND = 3;
/** Beyond this many edits the difference is shown as everything removed and everything added: finding the smallest would make the page wait. */
const EDITS_MAX = 5_000;

const linesOf = (text: string): string[] => (text === '' ? [] : text.replace(/\n$/, '').split('\n'));

/** What changes between two texts, line by line; long stretches that stay are only counted. */
export function textDiff(before: string, after: string): DiffLine[] {
  const parts = diffLines(before, after, { maxEditLength: EDITS_MAX }) ?? [
    { value: before, removed: true, added: false },
    { value: after, added: true, removed: false },
  ];
  return parts.flatMap((part, index): DiffLine[] => {
    const lines = linesOf(part.value);
    if (part.added || part.removed) {
      return lines.map((text) => ({ kind: part.added ? 'added' : 'removed', text }));
    }
    return shortened(lines, index === 0, index === parts.length - 1);
  });
}

function shortened(lines: readonly string[], isFirst: boolean, isLast: boolean): DiffLine[] {
  const same = (texts: readonly string[]): DiffLine[] => texts.map((text) => ({ kind: 'same', text }));
  const head = isFirst ? 0 : AROUND;
  const tail = isLast ? 0 : AROUND;
  const skipped = lines.length - head - tail;
  if (skipped <= 2) return same(lines);
  return [
    ...same(lines.slice(0, head)),
    { kind: 'skipped', count: skipped },
    ...same(lines.slice(lines.length - tail)),
  ];
}
