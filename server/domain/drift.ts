import type { Audience, AudienceMember } from './audience';
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

const NAMED_MAX = 5;

function named(members: readonly AudienceMember[]): string {
  const names = members.slice(0, NAMED_MAX).map(({ name, via }) => {
    const way = via.length === 0 ? '' : ` (through ${via.join(' → ')})`;
    return `${name}${way}`;
  });
  const more = members.length > NAMED_MAX ? ` and ${members.length - NAMED_MAX} more` : '';
  return `${names.join(', ')}${more}`;
}

const waysIn = (audience: Audience | undefined): string =>
  [...new Set((audience?.unbounded ?? []).map((way) => way.name))].sort().join(', ') || 'nobody else';

/** Who joined, who left, and whose clearance is another one than when it was approved. */
function audienceDrift(approved: Footprint | null, now: Footprint): DriftChange[] {
  const [was, is] = [approved?.audience, now.audience];
  if (was === undefined && is === undefined) return [];
  const before = new Map((was?.members ?? []).map((m) => [m.id, m]));
  const after = new Map((is?.members ?? []).map((m) => [m.id, m]));
  const joined = [...after.values()].filter((m) => !before.has(m.id));
  const left = [...before.values()].filter((m) => !after.has(m.id));
  const recleared = [...after.values()].filter((m) => {
    const old = before.get(m.id);
    return old !== undefined && [...old.lacks].sort().join() !== [...m.lacks].sort().join();
  });
  const operation = now.items.find((i) => i.kind === 'audience')?.operation ?? 'send';
  const change = (before: string, after: string): DriftChange => ({
    resource: 'audience',
    operation,
    before,
    after,
  });
  const lacking = ({ lacks }: AudienceMember) => (lacks.length === 0 ? 'cleared' : `no ${lacks.join(', ')}`);
  return [
    ...(joined.length > 0 ? [change('would not see it', `would see it: ${named(joined)}`)] : []),
    ...(left.length > 0 ? [change('would see it', `no longer: ${named(left)}`)] : []),
    ...recleared
      .slice(0, NAMED_MAX)
      .map((m) => change(lacking(before.get(m.id) ?? m), `${lacking(m)}: ${m.name}`)),
    ...(waysIn(was) === waysIn(is) ? [] : [change(waysIn(was), `could join later: ${waysIn(is)}`)]),
  ];
}

/** What differs between two footprints in words and numbers, for the people who have to look again; never empty for different digests. */
export function describeDrift(approved: Footprint | null, now: Footprint): DriftChange[] {
  const before = new Map((approved?.items ?? []).map((i) => [keyOf(i), i]));
  const after = new Map(now.items.map((i) => [keyOf(i), i]));
  const changes: DriftChange[] = audienceDrift(approved, now);
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
