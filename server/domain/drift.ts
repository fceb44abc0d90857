import type { Footprint, FootprintItem } from './footprint';
import type { DriftChange } from './views';

const keyOf = (item: FootprintItem): string =>
  `${item.kind} ${item.resource} ${item.operation} ${item.via ?? ''}`;

function inWords(item: FootprintItem | undefined): string {
  if (!item) return 'nothing';
  const count = item.count === null ? 'unknown' : item.count.toLocaleString('en');
  const subjects = item.subjects ? `, ${item.subjects.toLocaleString('en')} people` : '';
  const columns = item.columns && item.columns.length > 0 ? `, ${item.columns.join(', ')}` : '';
  return `${count}${subjects}${columns}`;
}

/** What differs between two footprints in words and numbers, for the people who have to look again; never empty for different digests. */
export function describeDrift(approved: Footprint | null, now: Footprint): DriftChange[] {
  const before = new Map((approved?.items ?? []).map((i) => [keyOf(i), i]));
  const after = new Map(now.items.map((i) => [keyOf(i), i]));
  const changes: DriftChange[] = [];
  for (const key of new Set([...before.keys(), ...after.keys()])) {
    const item = after.get(key) ?? before.get(key);
    const [was, is] = [inWords(before.get(key)), inWords(after.get(key))];
    if (item && was !== is)
      changes.push({ resource: item.resource, operation: item.operation, before: was, after: is });
  }
  if (approved?.definitions !== now.definitions) {
    changes.push({
      resource: 'definitions',
      operation: 'define',
      before: 'as approved',
      after: 'a trigger, function, rule, key or search path it depends on has changed',
    });
  }
  if (approved?.rows !== now.rows && changes.length === 0) {
    changes.push({
      resource: 'rows',
      operation: 'read',
      before: 'as approved',
      after: 'the same number of rows, but not the same rows or values',
    });
  }
  if (changes.length === 0) {
    changes.push({
      resource: 'measurement',
      operation: 'read',
      before: 'as approved',
      after: 'what could be measured is not the same',
    });
  }
  return changes;
}
