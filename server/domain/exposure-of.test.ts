import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { type Disclosed, exposureOf, type Known } from './exposure-of';
import type { Footprint } from './footprint';
import { Knowledge } from './knowledge';

const pack = (from: number, to: number): Buffer =>
  Buffer.concat(
    Array.from({ length: to - from + 1 }, (_, i) =>
      createHash('sha256')
        .update(`p${from + i}`)
        .digest()
        .subarray(0, 8),
    ),
  );
const at = new Date('2026-03-04T10:00:00Z');
const base: Footprint = {
  version: 1,
  items: [],
  unknowns: [],
  subjects: 0,
  method: 'declared',
  readOnly: false,
  measuredAt: '',
  durationMs: 0,
};
const knownOf = (of: Partial<Known> = {}): Known => ({
  tool: 'hr.sql',
  at,
  agent: new Knowledge(),
  run: { knowledge: new Knowledge(), labels: [] },
  knowers: new Map(),
  ...of,
});
const read = (from: number, to: number, classes = ['personal']): Disclosed => ({
  classes,
  subjects: pack(from, to),
  count: 0,
});
const member = (id: string) => ({ kind: 'person' as const, id, name: id, via: [], lacks: [] });
const sendTo = (ids: string[], of: Partial<NonNullable<Footprint['audience']>> = {}): Footprint => ({
  ...base,
  items: [
    {
      kind: 'audience',
      target: null,
      resource: 'all',
      operation: 'send',
      count: ids.length,
      provenance: 'measured',
    },
  ],
  audience: {
    recipients: [],
    members: ids.map(member),
    resolved: ids.length,
    unbounded: [],
    lacking: 0,
    external: 0,
    truncated: false,
    syncedAt: null,
    ...of,
  },
});

describe('what an action adds', () => {
  test('twenty people at a time, a hundred times, are two thousand people', () => {
    const known = knownOf();
    for (let i = 0; i < 100; i += 1) {
      const { exposure, rows } = exposureOf(base, read(i * 20 + 1, i * 20 + 20), known);
      expect(exposure).toMatchObject({
        subjects: 20,
        runSubjects: (i + 1) * 20,
        agentSubjects: (i + 1) * 20,
      });
      for (const row of rows) {
        known.agent.learn({ ...row, at });
        known.run?.knowledge.learn({ ...row, at });
      }
    }
    expect(exposureOf(base, read(1, 2_000), known)).toMatchObject({
      exposure: { audience: 0, subjects: 0, entries: 0, runSubjects: 2_000 },
    });
  });

  test('what a run has read is what its message carries: to everybody who does not know it yet', () => {
    const known = knownOf({
      run: { knowledge: new Knowledge(), labels: [{ class: 'financial', tool: 'hr.sql' }] },
    });
    known.run?.knowledge.learn({ ...read(1, 214, ['financial']), at });
    const knows = new Knowledge();
    knows.learn({ ...read(1, 214, ['financial']), at });
    const ids = Array.from({ length: 38 }, (_, i) => `per_${i}`);
    const { exposure, rows } = exposureOf(sendTo(ids), null, {
      ...known,
      knowers: new Map([['per_0', knows]]),
    });
    expect(exposure).toMatchObject({
      audience: 37,
      subjects: 214,
      classes: ['financial'],
      entries: 37 * 214,
    });
    expect(rows).toEqual([expect.objectContaining({ kind: 'sent', knowers: ids, classes: ['financial'] })]);
  });

  test('an audience nobody could resolve, and a payload nobody can trace, are unknown and never nothing', () => {
    const labelled = knownOf({
      run: { knowledge: new Knowledge(), labels: [{ class: 'financial', tool: 'hr.sql' }] },
    });
    labelled.run?.knowledge.learn({ ...read(1, 5, ['financial']), at });
    const open = sendTo(['per_1'], { unbounded: [{ pointer: '/to', why: 'anyone', name: 'link' }] });
    const { audience: _, ...unresolved } = sendTo([]);
    for (const footprint of [open, unresolved, sendTo(['per_1'], { truncated: true })]) {
      expect(exposureOf(footprint, null, labelled).exposure).toMatchObject({
        audience: null,
        entries: null,
        subjects: 5,
      });
    }
    const scanned = {
      ...sendTo(['per_1']),
      payload: { classes: [{ class: 'health', from: 'scan' as const }], findings: [], truncated: false },
    };
    expect(exposureOf(scanned, null, labelled).exposure).toMatchObject({ subjects: null, entries: null });
    expect(exposureOf(scanned, null, knownOf({ run: null })).exposure).toMatchObject({
      subjects: null,
      entries: null,
    });
  });

  test('recipients beyond the list learn everything', () => {
    const known = knownOf({
      run: { knowledge: new Knowledge(), labels: [{ class: 'financial', tool: 'hr.sql' }] },
    });
    known.run?.knowledge.learn({ ...read(1, 10, ['financial']), at });
    expect(exposureOf(sendTo(['per_1'], { resolved: 501 }), null, known).exposure).toMatchObject({
      audience: 501,
      subjects: 10,
      entries: 5_010,
    });
  });

  test('an action outside any run is a run of its own, and what is public is known to everybody', () => {
    const alone = knownOf({ run: null });
    expect(exposureOf(base, read(1, 20), alone).exposure).toMatchObject({
      runSubjects: 20,
      agentSubjects: 20,
    });
    const open = exposureOf(base, { classes: ['public'], subjects: null, count: 0 }, alone);
    expect(open).toMatchObject({
      rows: [],
      addsLabels: false,
      exposure: { audience: 0, entries: 0, runSubjects: 0 },
    });
  });
});
