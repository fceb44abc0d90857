import { describe, expect, test } from 'vitest';
import type { Audience } from './audience';
import { blastRadius } from './blast-radius';
import type { Footprint, FootprintItem } from './footprint';
import type { Mandate, MandateLimits } from './mandate';
import { narrower } from './mandate-limits';
import { spends, standToMandate, UNCOUNTED } from './stand-to-mandate';

const at = new Date('2026-11-25T10:00:00Z');
const item = (of: Partial<FootprintItem> = {}): FootprintItem => ({
  kind: 'relation',
  target: 'hr',
  resource: 'public.employees',
  operation: 'read',
  count: 10,
  provenance: 'measured',
  classes: ['personal'],
  subjects: 10,
  ...of,
});
const footprint = (items: FootprintItem[], of: Partial<Footprint> = {}): Footprint => ({
  version: 1,
  items,
  unknowns: [],
  subjects: 10,
  method: 'rehearsed',
  readOnly: true,
  measuredAt: at.toISOString(),
  durationMs: 1,
  ...of,
});
const mandate = (limits: MandateLimits, of: Partial<Mandate> = {}): Mandate => ({
  limits,
  by: 'Ana',
  expiresAt: null,
  ended: false,
  spent: { calls: 0, rows: 0, people: 0, money: 0 },
  ...of,
});
const stands = (m: Mandate, f = footprint([item()])) =>
  standToMandate(m, { tool: 'hr.sql', target: 'hr', footprint: f, radius: blastRadius(f), at }).outside.map(
    (o) => o.what,
  );

describe('what it does not name is beyond it', () => {
  test.each<[MandateLimits, string[]]>([
    [{}, []],
    [{ tools: ['hr.sql'], targets: ['hr'], classes: ['personal'] }, []],
    [{ tools: ['crm.call'] }, ['tool']],
    [{ targets: ['crm'] }, ['target']],
    [{ classes: ['financial'] }, ['classes']],
    [{ classes: [] }, ['classes']],
    [{ tools: [], targets: [], classes: [] }, ['tool', 'target', 'classes']],
    [{ budget: { calls: 1, rows: 10, people: 10, money: 0 } }, []],
    [{ budget: { rows: 9 } }, ['rows']],
    [{ budget: { people: 9 } }, ['people']],
    [{ budget: { calls: 0 } }, ['calls']],
  ])('%j', (limits, beyond) => {
    expect(stands(mandate(limits))).toEqual(beyond);
  });

  test('what was spent counts, and so does its time', () => {
    const spent = { calls: 4, rows: 95, people: 0, money: 0 };
    expect(stands(mandate({ budget: { calls: 5, rows: 100 } }, { spent }))).toEqual(['rows']);
    expect(stands(mandate({}, { ended: true }))).toEqual(['time']);
    expect(stands(mandate({}, { expiresAt: '2026-11-25T10:00:00Z' }))).toEqual(['time']);
    expect(stands(mandate({}, { expiresAt: '2026-11-25T10:00:01Z' }))).toEqual([]);
  });

  test('what nobody could count spends everything', () => {
    const unknown = footprint([item({ count: null })], { subjects: null });
    expect(spends(blastRadius(unknown))).toMatchObject({ rows: UNCOUNTED, people: UNCOUNTED });
    expect(stands(mandate({ budget: { rows: 1_000_000, people: 1_000_000 } }), unknown)).toEqual([
      'rows',
      'people',
    ]);
  });
});

describe('whom it names', () => {
  const member = (id: string, via: string[] = []): Audience['members'][number] => ({
    kind: 'person',
    id,
    name: `Name of ${id}`,
    via,
    lacks: [],
  });
  const sent = (members: Audience['members'], of: Partial<Audience> = {}) =>
    footprint(
      [
        item({
          kind: 'audience',
          operation: 'send',
          resource: 'to',
          count: members.length,
          classes: [],
          subjects: 0,
        }),
      ],
      {
        subjects: 0,
        readOnly: false,
        audience: {
          recipients: [],
          members,
          resolved: members.length,
          unbounded: [],
          lacking: 0,
          external: 0,
          truncated: false,
          syncedAt: null,
          ...of,
        },
      },
    );
  test.each<[string[], Footprint, boolean]>([
    [['lee@acme.com'], sent([member('lee@acme.com')]), true],
    [['LEE@acme.com'], sent([member('lee@acme.com')]), true],
    [['@acme.com'], sent([member('lee@acme.com')]), true],
    [['@acme.com'], sent([member('lee@evil-acme.com')]), false],
    [['acme.com'], sent([member('lee@acme.com')]), false],
    [['payroll'], sent([member('per_1', ['payroll'])]), true],
    [['payroll'], sent([member('per_1', ['payroll']), member('per_2')]), false],
    [['lee@acme.com'], sent([member('lee@acme.com')], { truncated: true }), false],
    [
      ['#all'],
      sent([member('per_1', ['#all'])], { unbounded: [{ pointer: '', why: 'joinable', name: '#all' }] }),
      true,
    ],
    [
      ['lee@acme.com'],
      sent([member('lee@acme.com')], { unbounded: [{ pointer: '', why: 'anyone', name: 'anyone' }] }),
      false,
    ],
    [['lee@acme.com'], footprint([item()]), true],
  ])('%j', (audience, f, inside) => {
    expect(stands(mandate({ audience }), f)).toEqual(inside ? [] : ['audience']);
  });
});

test('of two mandates both hold', () => {
  expect(
    narrower(
      { tools: ['a', 'b'], budget: { rows: 5 } },
      { tools: ['b', 'c'], classes: ['x'], budget: { rows: 9, calls: 2 } },
    ),
  ).toEqual({
    tools: ['b'],
    classes: ['x'],
    budget: { rows: 5, calls: 2 },
  });
});
