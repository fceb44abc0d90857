import { describe, expect, test } from 'vitest';
import { blastRadius, levelRank } from './blast-radius';
import { type Footprint, type FootprintItem, footprint, footprintItem } from './footprint';

const quiet: Footprint = {
  version: 1,
  items: [],
  unknowns: [],
  subjects: 0,
  method: 'rehearsed',
  readOnly: false,
  measuredAt: '',
  durationMs: 0,
};
const item = (of: Partial<FootprintItem>): FootprintItem => ({
  kind: 'relation',
  target: 'hr',
  resource: 'public.staff',
  operation: 'read',
  count: 1,
  provenance: 'measured',
  ...of,
});
const exposure = {
  audience: 1,
  subjects: 1,
  classes: ['health'],
  entries: 1,
  runSubjects: 1,
  agentSubjects: 1,
};
const personal = [item({ classes: ['personal'] })];
const reached = (lacking: number | null) => ({
  recipients: [],
  members: [],
  resolved: 1,
  unbounded: [],
  lacking,
  external: 0,
  truncated: false,
  syncedAt: null,
});

type Pair = [lower: Partial<Footprint>, higher: Partial<Footprint>];
const none = 'no level depends on it';
/** For every field of a footprint, a pair that differs in nothing else and of which the second is the higher; or why there is none. */
const FIELDS: Record<keyof Footprint, Pair | string> = {
  version: none,
  items: [{}, { items: [item({ operation: 'delete' })] }],
  unknowns: [{}, { unknowns: [{ code: 'images_partial', message: '' }] }],
  subjects: [{ items: personal }, { items: personal, subjects: 101 }],
  method: `${none}: what a weaker method hides stands among the unknowns`,
  forbidden: [{}, { forbidden: { rule: 'copy', message: '' } }],
  as: `${none}: it says as whom`,
  readOnly: `${none}: what is done stands in the items`,
  definitions: `${none}: identity`,
  rows: `${none}: identity`,
  columnClasses: `${none}: the classes touched stand in the items`,
  audience: [
    { items: [item({ kind: 'audience', operation: 'send' })], audience: reached(0) },
    { items: [item({ kind: 'audience', operation: 'send' })], audience: reached(1) },
  ],
  payload: [
    {},
    { payload: { classes: [{ class: 'credential', from: 'scan' }], findings: [], truncated: false } },
  ],
  origins: [
    {},
    { origins: [{ pointer: '', value: '', origin: 'result', detail: '', trusted: false, alarming: true }] },
  ],
  destinations: `${none}: an alarming one stands among the origins`,
  exposure: [{ exposure }, { exposure: { ...exposure, subjects: 200 } }],
  mandate: `${none}: policy asks for it by itself`,
  habits: `${none}: policy asks for it by itself`,
  runsFor: `${none}: it says for whom`,
  request: `${none}: how it is written`,
  measuredAt: none,
  durationMs: none,
};
type ItemPair = [lower: Partial<FootprintItem>, higher: Partial<FootprintItem>];
const ITEM_FIELDS: Record<keyof FootprintItem, ItemPair | string> = {
  kind: [{ kind: 'sequence', operation: 'delete' }, { operation: 'delete' }],
  target: none,
  resource: none,
  money: [
    { kind: 'money', operation: 'pay', count: 2_000_000, money: { currency: 'EUR', exponent: 3 } },
    { kind: 'money', operation: 'pay', count: 2_000_000, money: { currency: 'EUR', exponent: 2 } },
  ],
  operation: [{}, { operation: 'truncate' }],
  count: [{}, { count: null }],
  provenance: `${none}: policy asks for it by itself; an estimate is a number like any other`,
  columns: `${none}: their classes count`,
  classes: [{}, { classes: ['credential'] }],
  subjects: [{ classes: ['personal'] }, { classes: ['personal'], subjects: 101 }],
  via: `${none}: rows reached indirectly are among those changed and deleted`,
  restates: [{ operation: 'delete', restates: true }, { operation: 'delete' }],
  reversible: [{}, { reversible: false }],
  bytes: `${none}: files are counted`,
  git: `${none}: whether it can be undone stands in reversible`,
  note: none,
};

const levelOf = (of: Partial<Footprint>) => levelRank(blastRadius({ ...quiet, ...of }).level);

describe('the blast radius looks at everything a footprint says', () => {
  test('no field of a footprint or of an item is unknown to it', () => {
    expect(Object.keys(footprint.shape).sort()).toEqual(Object.keys(FIELDS).sort());
    expect(Object.keys(footprintItem.shape).sort()).toEqual(Object.keys(ITEM_FIELDS).sort());
  });

  for (const [field, pair] of Object.entries(FIELDS)) {
    if (typeof pair === 'string') continue;
    test(`${field} raises the level`, () => expect(levelOf(pair[1])).toBeGreaterThan(levelOf(pair[0])));
  }
  for (const [field, pair] of Object.entries(ITEM_FIELDS)) {
    if (typeof pair === 'string') continue;
    test(`${field} of an item raises the level`, () =>
      expect(levelOf({ items: [item(pair[1])] })).toBeGreaterThan(levelOf({ items: [item(pair[0])] })));
  }
});
