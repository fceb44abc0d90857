import { type CatalogFacts, type RelationFacts, relationName, wordsIn } from './catalog-facts';
import type { Counted } from './rehearsal';
import type { WriteOperation } from './write-targets';

export type RelationIndex = ReadonlyMap<number, RelationFacts>;
export type RowCounts = Counted['counts'][number];

export const countOf = (counts: RowCounts | undefined, operation: WriteOperation): number => {
  if (counts === undefined) return 0;
  if (operation === 'insert') return counts.inserted;
  return operation === 'update' ? counts.updated : counts.deleted;
};

const ACTIONS: Readonly<Record<string, string>> = { c: 'CASCADE', n: 'SET NULL', d: 'SET DEFAULT' };

/** What a relation that the statement does not name was reached through, in words; never empty. */
export function pathTo(
  relation: RelationFacts,
  operation: WriteOperation,
  world: {
    facts: CatalogFacts;
    index: RelationIndex;
    direct: ReadonlySet<number>;
    counts: readonly RowCounts[];
  },
): string {
  return (
    throughParent(relation, world) ??
    throughView(relation, world) ??
    throughForeignKey(relation, operation, world) ??
    throughRule(relation, world) ??
    throughTrigger(relation, world) ??
    throughFunction(relation, world) ??
    'reached indirectly'
  );
}

type World = Parameters<typeof pathTo>[2];

function throughParent(relation: RelationFacts, { direct, index }: World): string | null {
  const ancestor = relation.ancestors?.find(({ oid }) => direct.has(oid));
  if (ancestor !== undefined) return `partition of ${ancestor.name}`;
  const parent = relation.isPartition ? undefined : relation.parents?.find((oid) => direct.has(oid));
  const named = parent === undefined ? undefined : index.get(parent);
  return named === undefined ? null : `child table of ${relationName(named)}`;
}

function throughView(relation: RelationFacts, { direct, index, facts }: World): string | null {
  for (const oid of direct) {
    const view = index.get(oid);
    if (view?.kind !== 'v') continue;
    const reached = new Set([oid]);
    for (const found of facts.viewColumns) if (reached.has(found.view)) reached.add(found.relation);
    if (reached.has(relation.oid) || relation.ancestors?.some((a) => reached.has(a.oid))) {
      return `view ${relationName(view)}`;
    }
  }
  return null;
}

function throughForeignKey(
  relation: RelationFacts,
  operation: WriteOperation,
  { facts, index, counts }: World,
): string | null {
  const family = new Set([relation.oid, ...(relation.ancestors ?? []).map(({ oid }) => oid)]);
  for (const key of facts.foreignKeys) {
    if (!family.has(key.child)) continue;
    const parent = index.get(key.parent);
    if (parent === undefined) continue;
    const changed = counts.filter((c) => c.oid === key.parent || isBelow(index.get(c.oid), key.parent));
    const deleted = changed.some((c) => c.deleted > 0);
    const updated = changed.some((c) => c.updated > 0);
    const name = `foreign key ${key.name}`;
    const unindexed = key.indexed ? '' : ', no index on the referencing columns';
    if (deleted && actsOnDelete(key.onDelete, operation)) {
      return `${name} (ON DELETE ${ACTIONS[key.onDelete]}${unindexed}) from ${relationName(parent)}`;
    }
    if (updated && operation === 'update' && ACTIONS[key.onUpdate] !== undefined) {
      return `${name} (ON UPDATE ${ACTIONS[key.onUpdate]}${unindexed}) from ${relationName(parent)}`;
    }
  }
  return null;
}

const actsOnDelete = (action: string, operation: WriteOperation): boolean =>
  operation === 'delete' ? action === 'c' : operation === 'update' && (action === 'n' || action === 'd');

const isBelow = (relation: RelationFacts | undefined, ancestor: number): boolean =>
  relation?.ancestors?.some(({ oid }) => oid === ancestor) ?? false;

function throughRule(relation: RelationFacts, { facts, index }: World): string | null {
  const rule = facts.rules.find(({ relations }) => relations?.includes(relation.oid));
  const owner = rule === undefined ? undefined : index.get(rule.relation);
  return rule === undefined || owner === undefined ? null : `rule ${rule.name} on ${relationName(owner)}`;
}

/** The trigger whose function names the relation; failing that, every trigger that can have fired. */
function throughTrigger(relation: RelationFacts, { facts, index, counts, direct }: World): string | null {
  const touched = new Set([...direct, ...counts.map(({ oid }) => oid)]);
  const fired = facts.triggers.filter((t) => t.enabled !== 'D' && touched.has(t.relation));
  const naming = fired.filter((trigger) => {
    const body = facts.functions.find(({ oid }) => oid === trigger.function);
    return body !== undefined && wordsIn(body.source ?? '').has(relation.name.toLowerCase());
  });
  const chosen = naming.length > 0 ? naming.slice(0, 1) : fired.filter((t) => t.relation !== relation.oid);
  if (chosen.length === 0) return null;
  const named = chosen.map((trigger) => {
    const owner = index.get(trigger.relation);
    return `${trigger.name} on ${owner === undefined ? trigger.relation : relationName(owner)}`;
  });
  return `${chosen.length === 1 ? 'trigger' : 'one of the triggers'} ${named.join(', ')}`;
}

function throughFunction(relation: RelationFacts, { facts }: World): string | null {
  const triggers = new Set(facts.triggers.map((trigger) => trigger.function));
  const called = facts.functions.filter(
    (fn) => !triggers.has(fn.oid) && !['c', 'internal'].includes(fn.language),
  );
  const naming = called.find((fn) => wordsIn(fn.source ?? '').has(relation.name.toLowerCase())) ?? called[0];
  return naming === undefined ? null : `function ${naming.signature}`;
}
