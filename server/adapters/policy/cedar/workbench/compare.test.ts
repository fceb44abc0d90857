import fc from 'fast-check';
import { expect, test } from 'vitest';
import { blastRadius } from '@/server/domain/blast-radius';
import { briefOf } from '@/server/domain/policy-report';
import type { PolicyEntry } from '@/server/domain/policy-set';
import { recallFacts } from '@/server/domain/stored-facts';
import { anyFootprint } from '@/server/testing/arbitrary-footprint';
import { createCedarPolicy } from '../cedar-policy';
import { enabledOf } from '../enabled';
import { readDefaultPolicies } from '../read-policies';
import { createComparison } from './compare';

const shipped: PolicyEntry[] = Object.entries(readDefaultPolicies()).map(([id, text]) => ({ id, text }));
const more: PolicyEntry = {
  id: 'more',
  text: '@id("more") @title("More") @because("More.") @verdict("hold") @quorum("3") forbid (principal, action, resource) when { context.rowsRead > 5 };',
};
const failing: PolicyEntry = {
  id: 'failing',
  text: '@id("failing") @title("F") @because("F.") @verdict("hold") forbid (principal, action, resource) when { context.people + 9223372036854775807 > 0 };',
};
const changed = shipped.map((p) =>
  p.id === 'large-read' ? { ...p, text: p.text.replace('> 1000', '> 3') } : p,
);
const sets = [shipped, [...shipped, more], changed, shipped.slice(1), [...shipped, failing], [more]];

test('two sets asked at once answer what each answers alone', () => {
  const anySet = fc.constantFrom(...sets);
  fc.assert(
    fc.property(
      anySet,
      anySet,
      anyFootprint,
      fc.constantFrom([], ['internal', 'personal']),
      (a, b, f, clearances) => {
        const facts = {
          agent: { id: 'agt', name: 'helper', clearances, ownerId: 'per' },
          tool: { name: 'query', kind: 'sql', execution: 'broker', effects: [] },
          target: null,
          moment: null,
        };
        const stored = {
          facts: JSON.stringify(facts),
          footprint: JSON.stringify(f),
          blastRadius: JSON.stringify(blastRadius(f)),
        };
        const recalled = recallFacts({ facts, footprint: f, blastRadius: blastRadius(f) });
        if (recalled === null) throw new Error('facts were not recalled');
        const [both] = createComparison(a, b)([stored]);
        const alone = [a, b].map((set) =>
          briefOf(createCedarPolicy({ policies: enabledOf(set) }).evaluate(recalled)),
        );
        expect([both?.before, both?.after]).toEqual(alone);
      },
    ),
    { numRuns: 150 },
  );
}, 120_000);
