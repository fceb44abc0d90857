import type { PolicyFacts } from '@/server/domain/verdict';
import { classesOf, clearancesOf } from './request';

const many = (n: number | null, one: string, more: string): string =>
  n === null ? `an unknown number of ${more}` : `${n.toLocaleString('en')} ${n === 1 ? one : more}`;
/** What a tool names in its arguments is counted too, and is no row. */
const rows = (n: number | null, { footprint }: PolicyFacts) =>
  footprint.items.length > 0 && footprint.items.every((i) => i.kind === 'file')
    ? many(n, 'file', 'files')
    : footprint.items.every((i) => i.kind !== 'resource' && i.kind !== 'request')
      ? many(n, 'row', 'rows')
      : many(n, 'item', 'items');
const listed = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;

/** Facts that a reason may name in braces, in words. Measured or an operator's own: none of them is the agent's to choose. */
const WORDS: Readonly<Record<string, (facts: PolicyFacts) => string>> = {
  agent: (f) => f.agent.name,
  tool: (f) => f.tool.name,
  target: (f) => f.target?.name ?? 'no target',
  classes: (f) => listed(f.blastRadius.classes),
  missing: (f) => listed(classesOf(f).filter((c) => !clearancesOf(f).includes(c))),
  rowsRead: (f) => rows(f.blastRadius.rowsRead, f),
  rowsChanged: (f) => rows(f.blastRadius.rowsChanged, f),
  rowsDeleted: (f) => rows(f.blastRadius.rowsDeleted, f),
  rowsReachedIndirectly: (f) => rows(f.blastRadius.rowsReachedIndirectly, f),
  people: (f) => many(f.blastRadius.people, 'person', 'people'),
  runSubjects: (f) => many(f.footprint.exposure?.runSubjects ?? null, 'person', 'people'),
  agentSubjects: (f) => many(f.footprint.exposure?.agentSubjects ?? null, 'person', 'people'),
  audience: (f) => many(f.blastRadius.audience, 'person', 'people'),
  outside: (f) => f.footprint.mandate?.outside.map((o) => o.why).join(' ') ?? '',
  unmeasured: (f) => f.footprint.unknowns[0]?.message ?? 'At least one number is not known.',
  forbidden: (f) => f.footprint.forbidden?.message ?? 'The statement is not allowed.',
};

export const FACT_WORDS: ReadonlySet<string> = new Set(Object.keys(WORDS));

/** A reason with its facts filled in, as a reviewer reads it. */
export const sayBecause = (because: string, facts: PolicyFacts): string =>
  because.replace(/\{(\w+)\}/g, (whole, word: string) => WORDS[word]?.(facts) ?? whole);
