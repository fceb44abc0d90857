import { z } from 'zod';
import { blastRadius } from '@/server/domain/blast-radius';
import { momentIn, readBusinessHours } from '@/server/domain/business-calendar';
import { footprint, footprintItem, unknownFact } from '@/server/domain/footprint';
import type { PolicyFacts } from '@/server/domain/verdict';
import { EFFECTS, EXECUTIONS } from '@/server/domain/vocabulary';

/** Cases are judged by these hours, so that their `measuredAt` means something. */
const CASE_HOURS = readBusinessHours('Mon-Fri 08:00-18:00 UTC');

/** Ordinary values, so that a case only says what it is about. Nothing here makes an action look smaller than it says. */
const item = footprintItem.extend({
  kind: footprintItem.shape.kind.default('relation'),
  target: footprintItem.shape.target.default('shop'),
  provenance: footprintItem.shape.provenance.default('measured'),
});
const caseFootprint = footprint.extend({
  version: footprint.shape.version.default(1),
  items: z.array(item.strict()),
  unknowns: z.array(unknownFact.strict()).default([]),
  subjects: footprint.shape.subjects.default(0),
  // A Wednesday morning.
  measuredAt: footprint.shape.measuredAt.default('2026-03-04T10:00:00.000Z'),
  durationMs: footprint.shape.durationMs.default(0),
});
const agent = z.strictObject({
  id: z.string().default('agt_case'),
  name: z.string().default('helper'),
  clearances: z.array(z.string()).default([]),
  ownerId: z.string().default('per_case'),
});
const tool = z.strictObject({
  name: z.string().default('query'),
  kind: z.enum(['sql', 'custom']).default('sql'),
  execution: z.enum(EXECUTIONS).default('broker'),
  effects: z.array(z.enum(EFFECTS)).default([]),
});
const target = z.strictObject({ name: z.string(), kind: z.string() });

/** One case as it is written: what is known about an action, and which policies must answer. The folder says the verdict. */
const caseFile = z.strictObject({
  title: z.string().min(1),
  /** A real incident that this action is, in our words. */
  incident: z.string().optional(),
  facts: z.strictObject({
    agent: agent.prefault({}),
    tool: tool.prefault({}),
    target: target.nullable().default({ name: 'shop', kind: 'postgres' }),
    footprint: caseFootprint.strict(),
  }),
  expect: z.strictObject({
    /** Every policy that matches, and no other; order does not matter. */
    policies: z.array(z.string()).min(1),
    quorum: z.number().int().min(1).optional(),
    reviewers: z.array(z.string()).optional(),
    expirySeconds: z.number().int().optional(),
  }),
});

export type PolicyCase = {
  /** `hold/large-read`. */
  name: string;
  title: string;
  verdict: 'allow' | 'hold' | 'deny';
  facts: PolicyFacts;
  expect: z.infer<typeof caseFile>['expect'];
};

/** Unless a case says otherwise, nothing was read before it. */
const firstOf = (people: number | null) => ({
  audience: null,
  subjects: people,
  classes: [],
  entries: null,
  runSubjects: people,
  agentSubjects: people,
});

/** Reads a case from its JSON. The blast radius is computed from the footprint, as it is for a real action. Throws on what it does not know. */
export function readCase(name: string, verdict: PolicyCase['verdict'], json: unknown): PolicyCase {
  const { title, facts, expect } = caseFile.parse(json);
  const measured = footprint.parse({
    exposure: firstOf(facts.footprint.subjects),
    habits: { firstUse: false, firstTarget: false, newAudience: 0, unusual: [], rate: 1 },
    ...facts.footprint,
  });
  if (verdict === 'hold' && expect.quorum === undefined) throw new Error('A held case says its quorum.');
  return {
    name: `${verdict}/${name}`,
    title,
    verdict,
    facts: {
      ...facts,
      moment: CASE_HOURS && momentIn(CASE_HOURS, new Date(measured.measuredAt)),
      footprint: measured,
      blastRadius: blastRadius(measured),
    },
    expect,
  };
}
