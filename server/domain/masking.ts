import type { RowImage } from './footprint';
import type { CellView, RowView } from './views';
import { type Classification, OPEN_TO_PEOPLE } from './vocabulary';

/** In a person's clearance, yet shown only after they said why: looking at these is seldom needed to decide. Workspace's own classes count as well. */
const SHOWN_WHEN_CLEARED: ReadonlySet<Classification> = new Set([
  'public',
  'internal',
  'personal',
  'financial',
]);

export type Sight = { clearances: readonly Classification[]; revealed: ReadonlySet<Classification> };

/** How one class of data appears to one person: shown, masked until they reveal it, or withheld for good. */
export function sightOf(classification: Classification, sight: Sight): 'shown' | 'masked' | 'withheld' {
  if (OPEN_TO_PEOPLE.has(classification)) return 'shown';
  if (!sight.clearances.includes(classification)) return 'withheld';
  return SHOWN_WHEN_CLEARED.has(classification) || sight.revealed.has(classification) ? 'shown' : 'masked';
}

/** A column may be called `constructor`: only what was declared counts, not what every object has. */
const own = <T>(of: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(of, name) ? of[name] : undefined;

/** A column nobody classified is `unclassified`; nothing defaults to open. */
export const classOf = (
  classes: Readonly<Record<string, Readonly<Record<string, Classification>>>>,
  resource: string,
  column: string,
): Classification => own(own(classes, resource) ?? {}, column) ?? 'unclassified';

const asText = (value: unknown): string | null =>
  value === null || value === undefined ? null : typeof value === 'string' ? value : JSON.stringify(value);

type Column = { column: string; classification: Classification };

function cells(row: Readonly<Record<string, unknown>>, columns: readonly Column[], sight: Sight): CellView[] {
  return columns.map(({ column, classification }) => {
    if (!Object.hasOwn(row, column)) return { state: 'absent' };
    const state = sightOf(classification, sight);
    return state === 'shown' ? { state, value: asText(row[column]) } : { state };
  });
}

/** One row as one person may see it. A key made of guarded columns is masked like them: it would give the value away. */
export function maskRow(
  image: RowImage,
  columns: readonly Column[],
  sight: Sight,
  keyShown: boolean,
): RowView {
  const changed: number[] = [];
  for (const [index, { column }] of columns.entries()) {
    if (!image.before || !image.after) break;
    if (asText(image.before[column]) !== asText(image.after[column])) changed.push(index);
  }
  return {
    resource: image.resource,
    operation: image.operation,
    key: keyShown ? image.key : '',
    before: image.before && cells(image.before, columns, sight),
    after: image.after && cells(image.after, columns, sight),
    changed,
  };
}
