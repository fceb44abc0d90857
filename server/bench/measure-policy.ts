import { createCedarLanguage } from '../adapters/policy/cedar/cedar-language';
import { createCedarPolicy } from '../adapters/policy/cedar/cedar-policy';
import { type Policies, readDefaultPolicies, splitPolicies } from '../adapters/policy/cedar/read-policies';
import { blastRadius } from '../domain/blast-radius';
import type { Footprint } from '../domain/footprint';
import type { PolicyFacts } from '../domain/verdict';
import { quantile } from './figures';
import type { Row } from './report';

/** Policies of the kinds companies write: about one agent, one target, one tool, one class, one bound. None of them matches the read below. */
const KINDS: readonly ((i: number) => string)[] = [
  (i) => `forbid (principal == Agent::"agent-${i}", action, resource) when { context.rowsRead > ${i} };`,
  (i) => `forbid (principal, action, resource == Target::"target-${i}") when { context.rowsChanged > ${i} };`,
  (i) =>
    `forbid (principal, action == Action::"change", resource) when { context.tool.name == "tool-${i}" };`,
  (i) =>
    `forbid (principal, action, resource) when { context.classes.contains("class-${i}") && context.people > ${i} };`,
  (i) => `forbid (principal, action, resource) when { context.leaves && context.audience > ${i} };`,
];

/** The policies that ship and as many more as make `count`. */
function policiesOf(count: number): Policies {
  const shipped = readDefaultPolicies();
  const more = Array.from({ length: Math.max(0, count - Object.keys(shipped).length) }, (_, i) => {
    const body = KINDS[i % KINDS.length]?.(i) ?? '';
    return `@id("more-${i}") @title("More") @because("It is one of many.") @verdict("hold") ${body}`;
  });
  return splitPolicies(more.join('\n'), shipped);
}

/** A small read, another one each time: answers to equal requests are remembered, and remembering is not what is measured. */
function factsOf(i: number): PolicyFacts {
  const footprint: Footprint = {
    version: 1,
    items: [
      {
        kind: 'relation',
        target: 'hr',
        resource: 'public.employees',
        operation: 'read',
        count: i % 1_000,
        provenance: 'measured',
        classes: ['internal', 'personal'],
        subjects: 12,
      },
    ],
    unknowns: [],
    subjects: 12,
    exposure: { audience: 1, subjects: 12, classes: [], entries: 12, runSubjects: 60, agentSubjects: 400 },
    method: 'read_only',
    readOnly: true,
    measuredAt: '2026-03-04T10:00:00.000Z',
    durationMs: 4,
  };
  return {
    agent: { id: 'agt_1', name: `agent ${i}`, clearances: ['internal', 'personal'], ownerId: 'per_1' },
    tool: { name: 'query', kind: 'sql', execution: 'broker', effects: [] },
    target: { name: 'hr', kind: 'postgres' },
    moment: null,
    footprint,
    blastRadius: blastRadius(footprint),
  };
}

/** Milliseconds of each of `times` evaluations under `count` policies. */
function timeEvaluations(count: number, times: number): number[] {
  const engine = createCedarPolicy({ policies: policiesOf(count) });
  const spent: number[] = [];
  for (let i = -50; i < times; i += 1) {
    const facts = factsOf(i + 50);
    const from = performance.now();
    const { verdict, rules } = engine.evaluate(facts);
    if (i >= 0) spent.push(performance.now() - from);
    if (verdict !== 'allow')
      throw new Error(`The read of the benchmark is not allowed: ${rules[0]?.because}`);
  }
  return spent;
}

const toEntries = (policies: Policies) => Object.entries(policies).map(([id, text]) => ({ id, text }));

/** A backtest's work without the database: recorded actions as text, each judged by the policies that ship and by one more. */
async function timeBacktest(actions: number): Promise<Row[]> {
  const language = createCedarLanguage();
  const shipped = Object.keys(readDefaultPolicies()).length;
  const [before, after] = [policiesOf(shipped), policiesOf(shipped + 1)].map(toEntries);
  const comparison = await language.compare(before ?? [], after ?? []);
  const recorded = Array.from({ length: actions }, (_, i) => {
    const { footprint, blastRadius: radius, ...facts } = factsOf(i);
    return {
      facts: JSON.stringify(facts),
      footprint: JSON.stringify(footprint),
      blastRadius: JSON.stringify(radius),
    };
  });
  const from = performance.now();
  for (let at = 0; at < actions; at += 400) await comparison.judge(recorded.slice(at, at + 400));
  const seconds = (performance.now() - from) / 1_000;
  comparison.close();
  language.close();
  const target = actions === 100_000 ? { target: { text: 'under 120 s', met: seconds < 120 } } : {};
  return [
    { name: `Backtest of ${actions.toLocaleString('en')} actions`, value: seconds, unit: 's', ...target },
    { name: 'Actions replayed, judged twice each', value: actions / seconds, unit: '/s' },
  ];
}

/** One evaluation under the policies that ship, under 100 and under 1,000; and a backtest. */
export async function measurePolicy(_rig: unknown, quick: boolean): Promise<Row[]> {
  const times = quick ? 500 : 3_000;
  const shipped = Object.keys(readDefaultPolicies()).length;
  const rows = [shipped, 100, 1_000].flatMap((count): Row[] => {
    const spent = timeEvaluations(count, count > 100 ? times / 5 : times);
    const [p50, p99] = [quantile(spent, 0.5), quantile(spent, 0.99)];
    const name = `${count.toLocaleString('en')} policies`;
    return [
      {
        name: `${name}, median`,
        value: p50,
        unit: 'ms',
        ...(count === 100 ? { target: { text: 'under 1 ms', met: p50 < 1 } } : {}),
      },
      { name: `${name}, 99 of 100`, value: p99, unit: 'ms' },
    ];
  });
  return [...rows, ...(await timeBacktest(quick ? 5_000 : 100_000))];
}
