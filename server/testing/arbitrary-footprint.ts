import fc from 'fast-check';
import type { Audience, AudienceMember } from '@/server/domain/audience';
import type { Exposure } from '@/server/domain/exposure';
import type { Footprint, FootprintItem, UnknownFact } from '@/server/domain/footprint';
import { unknownFact } from '@/server/domain/footprint';
import { CLASSIFICATIONS, OPERATIONS, PROVENANCES } from '@/server/domain/vocabulary';

const definedOnly = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as T;

const count = fc.option(fc.oneof(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 200_000 })), {
  nil: null,
});

/** Any item an analyzer could report. */
export const anyItem: fc.Arbitrary<FootprintItem> = fc
  .record({
    kind: fc.constantFrom(
      'relation',
      'sequence',
      'function',
      'audience',
      'resource',
      'money',
      'statement',
    ) as fc.Arbitrary<FootprintItem['kind']>,
    target: fc.option(fc.constantFrom('hr', 'shop'), { nil: null }),
    resource: fc.constantFrom('public.employees', 'public.orders', 'public.payslips', 'hr.notes'),
    operation: fc.constantFrom(...OPERATIONS),
    count,
    provenance: fc.constantFrom(...PROVENANCES),
    columns: fc.option(fc.uniqueArray(fc.constantFrom('id', 'salary', 'email')), { nil: undefined }),
    classes: fc.option(fc.uniqueArray(fc.constantFrom(...CLASSIFICATIONS, 'trade-secret')), {
      nil: undefined,
    }),
    subjects: fc.option(fc.integer({ min: 0, max: 9_000 }), { nil: undefined }),
    via: fc.option(fc.constantFrom('trigger t', 'foreign key f'), { nil: undefined }),
    reversible: fc.option(fc.boolean(), { nil: undefined }),
    restates: fc.option(fc.constant(true), { nil: undefined, freq: 4 }),
    money: fc.option(fc.constantFrom({ currency: 'EUR', exponent: 2 }, { currency: 'JPY', exponent: 0 }), {
      nil: undefined,
    }),
  })
  .map((item) => definedOnly(item) as FootprintItem);

export const anyUnknown: fc.Arbitrary<UnknownFact> = fc.record({
  code: fc.constantFrom(...unknownFact.shape.code.options),
  message: fc.constant('could not be measured'),
});

const anyMember: fc.Arbitrary<AudienceMember> = fc.record({
  kind: fc.constantFrom('person', 'guest', 'agent', 'external'),
  id: fc.constantFrom('per_1', 'per_2', 'per_3', 'agt_1', 'x@else.example'),
  name: fc.constantFrom('Ana', 'Lee'),
  via: fc.array(fc.constantFrom('payroll', 'leads'), { maxLength: 2 }),
  lacks: fc.uniqueArray(fc.constantFrom('financial', 'health')),
});

/** Any audience that hangs together: nobody is counted who is not there. */
export const anyAudience: fc.Arbitrary<Audience> = fc
  .record({
    members: fc.uniqueArray(anyMember, { selector: (m) => m.id, maxLength: 4 }),
    known: fc.boolean(),
    whole: fc.boolean(),
    truncated: fc.boolean(),
    ways: fc.uniqueArray(fc.constantFrom<Audience['unbounded'][number]['why']>('anyone', 'joinable'), {
      maxLength: 2,
    }),
  })
  .map(({ members, known, whole, truncated, ways }) => ({
    recipients: [
      { pointer: '/to', value: '#payroll', resolved: 'channel', count: whole ? members.length : null },
    ],
    members,
    resolved: members.length,
    unbounded: ways.map((why) => ({ pointer: '/to', why, name: why })),
    lacking: known ? members.filter((m) => m.lacks.length > 0).length : null,
    external: members.filter((m) => m.kind === 'external' || m.kind === 'guest').length,
    truncated,
    syncedAt: null,
  }));

const some = fc.option(fc.integer({ min: 0, max: 3_000 }), { nil: null });
const anyExposure: fc.Arbitrary<Exposure> = fc.record({
  audience: some,
  subjects: some,
  classes: fc.uniqueArray(fc.constantFrom(...CLASSIFICATIONS)),
  entries: some,
  runSubjects: some,
  agentSubjects: some,
});

const READS: ReadonlySet<string> = new Set(['read']);

/** Any footprint an analyzer could report; `readOnly` only where nothing but reads happen. */
export const anyFootprint: fc.Arbitrary<Footprint> = fc
  .record({
    items: fc.array(anyItem, { maxLength: 5 }),
    unknowns: fc.oneof(fc.constant<UnknownFact[]>([]), fc.array(anyUnknown, { maxLength: 3 })),
    subjects: count,
    method: fc.constantFrom('rehearsed', 'read_only', 'planned', 'declared', 'none') as fc.Arbitrary<
      Footprint['method']
    >,
    claimsReadOnly: fc.boolean(),
    definitions: fc.constantFrom('d1', 'd2'),
    rows: fc.constantFrom('r1', 'r2'),
    audience: fc.option(anyAudience, { nil: undefined }),
    exposure: anyExposure,
  })
  .map(
    ({ claimsReadOnly, audience, ...rest }): Footprint => ({
      ...rest,
      ...(audience === undefined ? {} : { audience }),
      version: 1,
      readOnly: claimsReadOnly && rest.items.every((i) => READS.has(i.operation)),
      as: { role: 'hr_agent', searchPath: ['public'] },
      measuredAt: '2026-01-01T00:00:00.000Z',
      durationMs: 1,
    }),
  );

/** One thing that makes an action larger, worse or less known. */
export type Worsening = { name: string; apply(footprint: Footprint): Footprint };

const changeItem = (f: Footprint, at: number, change: (item: FootprintItem) => FootprintItem): Footprint => ({
  ...f,
  items: f.items.map((item, i) => (i === at % Math.max(1, f.items.length) ? change(item) : item)),
});

const changeAudience = (f: Footprint, change: (audience: Audience) => Audience): Footprint =>
  f.audience === undefined ? f : { ...f, audience: change(f.audience) };

const anyPayloadClass: fc.Arbitrary<Worsening> = fc
  .constantFrom(...CLASSIFICATIONS, 'trade-secret')
  .map((word) => ({
    name: `carry ${word}`,
    apply: (f: Footprint): Footprint => ({
      ...f,
      payload: {
        findings: [],
        truncated: false,
        ...f.payload,
        classes: [...(f.payload?.classes ?? []), { class: word, from: 'scan' }],
      },
    }),
  }));
const anyOtherWorsening: fc.Arbitrary<Worsening> = fc.oneof(
  anyPayloadClass,
  fc.constant<Worsening>({
    name: 'leave some of what it carries unread',
    apply: (f) => ({ ...f, payload: { classes: [], findings: [], ...f.payload, truncated: true } }),
  }),
  fc.constant<Worsening>({
    name: 'take a destination from untrusted content',
    apply: (f) => ({
      ...f,
      origins: [
        ...(f.origins ?? []),
        { pointer: '/to', value: 'x', origin: 'result', detail: '', trusted: false, alarming: true },
      ],
    }),
  }),
  fc.integer({ min: 0, max: 50_000 }).map((amount) => ({
    name: `pay ${amount}`,
    apply: (f: Footprint): Footprint => ({
      ...f,
      readOnly: false,
      items: [
        ...f.items,
        {
          kind: 'money',
          target: null,
          resource: `${amount} EUR`,
          operation: 'pay',
          count: 1,
          provenance: 'declared',
        },
      ],
    }),
  })),
);

const changeExposure = (f: Footprint, change: (exposure: Exposure) => Partial<Exposure>): Footprint =>
  f.exposure === undefined ? f : { ...f, exposure: { ...f.exposure, ...change(f.exposure) } };

const NUMBERS = ['audience', 'subjects', 'entries', 'runSubjects', 'agentSubjects'] as const;
const anyMoreExposed: fc.Arbitrary<Worsening> = fc.oneof(
  fc.tuple(fc.constantFrom(...NUMBERS), fc.integer({ min: 1, max: 6_000 })).map(([name, more]) => ({
    name: `${more} more ${name} in the ledger`,
    apply: (f: Footprint): Footprint =>
      changeExposure(f, (e) => ({ [name]: e[name] === null ? null : e[name] + more })),
  })),
  fc.constantFrom(...NUMBERS).map((name) => ({
    name: `lose ${name} of the ledger`,
    apply: (f: Footprint): Footprint => changeExposure(f, () => ({ [name]: null })),
  })),
  fc.constantFrom(...CLASSIFICATIONS).map((name) => ({
    name: `${name} is new to somebody`,
    apply: (f: Footprint): Footprint => changeExposure(f, (e) => ({ classes: [...e.classes, name] })),
  })),
);

const anyWiderAudience: fc.Arbitrary<Worsening> = fc.oneof(
  fc.integer({ min: 1, max: 6_000 }).map((more) => ({
    name: `reach ${more} more`,
    apply: (f: Footprint): Footprint =>
      changeAudience(f, (a) => ({ ...a, resolved: a.resolved + more, external: a.external + more })),
  })),
  fc.integer({ min: 1, max: 50 }).map((more) => ({
    name: `${more} more without clearance`,
    apply: (f: Footprint): Footprint =>
      changeAudience(f, (a) => ({
        ...a,
        resolved: a.resolved + more,
        lacking: a.lacking === null ? null : a.lacking + more,
      })),
  })),
  fc.constantFrom<Worsening>(
    {
      name: 'lose who is cleared',
      apply: (f: Footprint): Footprint => changeAudience(f, (a) => ({ ...a, lacking: null })),
    },
    {
      name: 'cut the list short',
      apply: (f: Footprint): Footprint => changeAudience(f, (a) => ({ ...a, truncated: true })),
    },
    {
      name: 'open it to anyone',
      apply: (f: Footprint): Footprint =>
        changeAudience(f, (a) => ({
          ...a,
          unbounded: [...a.unbounded, { pointer: '/x', why: 'anyone', name: 'anyone with the link' }],
        })),
    },
    {
      name: 'lose a recipient',
      apply: (f: Footprint): Footprint =>
        changeAudience(f, (a) => ({
          ...a,
          recipients: [
            ...a.recipients,
            { pointer: '/y', value: '@who', resolved: 'unresolved', count: null },
          ],
        })),
    },
  ),
);

/** Any way in which a fact can get worse: adding one, enlarging a number, losing a number. */
export const anyWorsening: fc.Arbitrary<Worsening> = fc.oneof(
  anyMoreExposed,
  anyOtherWorsening,
  { weight: 3, arbitrary: anyWiderAudience },
  anyItem.map((item) => ({
    name: `add ${item.operation} of ${item.kind}`,
    apply: (f: Footprint): Footprint => ({
      ...f,
      items: [...f.items, item],
      readOnly: f.readOnly && READS.has(item.operation),
    }),
  })),
  anyUnknown.map((fact) => ({
    name: `add unknown ${fact.code}`,
    apply: (f: Footprint): Footprint => ({ ...f, unknowns: [...f.unknowns, fact] }),
  })),
  fc.tuple(fc.nat(), fc.constantFrom(...CLASSIFICATIONS, 'trade-secret')).map(([at, word]) => ({
    name: `add class ${word}`,
    apply: (f: Footprint): Footprint =>
      changeItem(f, at, (i) => ({ ...i, classes: [...(i.classes ?? []), word] })),
  })),
  fc.tuple(fc.nat(), fc.integer({ min: 1, max: 500_000 })).map(([at, more]) => ({
    name: `enlarge a count by ${more}`,
    apply: (f: Footprint): Footprint =>
      changeItem(f, at, (i) => ({ ...i, count: i.count === null ? null : i.count + more })),
  })),
  fc.nat().map((at) => ({
    name: 'lose a count',
    apply: (f: Footprint): Footprint =>
      changeItem(f, at, (i) => ({ ...i, count: null, provenance: 'unknown' })),
  })),
  fc.integer({ min: 1, max: 9_000 }).map((more) => ({
    name: `add ${more} people`,
    apply: (f: Footprint): Footprint => ({ ...f, subjects: f.subjects === null ? null : f.subjects + more }),
  })),
  fc.constant<Worsening>({
    name: 'lose the people',
    apply: (f: Footprint): Footprint => ({ ...f, subjects: null }),
  }),
  fc.nat().map((at) => ({
    name: 'make it irreversible',
    apply: (f: Footprint): Footprint => changeItem(f, at, (i) => ({ ...i, reversible: false })),
  })),
  fc.constant<Worsening>({
    name: 'no longer read-only',
    apply: (f: Footprint): Footprint => ({ ...f, readOnly: false }),
  }),
  fc.constant<Worsening>({
    name: 'not run at all',
    apply: (f: Footprint): Footprint => ({ ...f, method: 'none' }),
  }),
);
