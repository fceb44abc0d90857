// biome-ignore-all lint/style/noNonNullAssertion: everybody is signed in before anything runs.
// biome-ignore-all lint/suspicious/noExplicitAny: answers are read as any client would read them.
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freshDatabase, type TestDatabase } from '@/server/testing/database';
import { type Caller, type Installation, startInstallation } from '@/server/testing/installation';

let at: Installation;
let hr: TestDatabase;
let payroll: Caller;
let [ana, lee, sam, ruth, tomas, ingrid] = [] as unknown as Caller[];

beforeAll(async () => {
  [at, hr] = await Promise.all([startInstallation(), freshDatabase({ template: 'empty' })]);
  payroll = at.agent('payroll-assistant');
  [ana, lee, sam, ruth, tomas, ingrid] = await Promise.all(
    ['ana', 'lee', 'sam', 'ruth', 'tomas', 'ingrid'].map((name) => at.person(`${name}@larkfield.example`)),
  );
}, 120_000);
afterAll(async () => {
  await at?.close();
  await hr?.drop();
});

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const args = (subject: string) => ({ recipients: ['ana@larkfield.example'], subject, body: 'Done.' });

async function heldMail(subject: string): Promise<any> {
  const { data } = await payroll.mutate('agent.submit', { tool: 'send_email', args: args(subject) });
  return (await ana?.query('review.get', { actionId: data.actionId }))?.data;
}
async function heldSql(statement: string): Promise<any> {
  const { data } = await payroll.mutate('agent.submit', { tool: 'company.sql', args: { statement } });
  await at?.until(data.actionId, 'held');
  return (await ana?.query('review.get', { actionId: data.actionId }))?.data;
}
const decision = (detail: any, word: string, extra: object = {}) => ({
  actionId: detail.actionId,
  digest: detail.digest,
  footprintDigest: detail.footprintDigest,
  decision: word,
  ...extra,
});

describe('review', () => {
  test('list: the stated keys with their types, filters that filter, pages without gaps or repeats', async () => {
    const made = [];
    for (let i = 0; i < 5; i++) made.push((await heldMail(`list ${i}`)).actionId);
    const { data } = await ana!.query('review.list', { status: 'held', limit: 2 });
    for (const item of data.items) {
      expect(item).toMatchObject({
        actionId: expect.any(String),
        status: 'held',
        sentence: expect.any(String),
        level: expect.any(String),
        tool: 'send_email',
        heldAt: expect.stringMatching(ISO),
        expiresAt: expect.stringMatching(ISO),
        votes: 0,
        needed: expect.any(Number),
      });
      expect(item.agent.name).toBe('payroll-assistant');
    }
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: any = await ana!.query('review.list', {
        status: 'held',
        limit: 2,
        ...(cursor ? { cursor } : {}),
      });
      seen.push(...page.data.items.map((i: any) => i.actionId));
      cursor = page.data.nextCursor;
    } while (cursor !== null);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toEqual(expect.arrayContaining(made));
    expect((await sam!.query('review.list', { needsMe: true })).data.items).toEqual([]);
    expect((await ruth!.query('review.list', { needsMe: true })).data.items).toEqual([]);
    expect((await ana!.query('review.list', { needsMe: true })).data.items.length).toBe(seen.length);
    expect((await ana!.query('review.list', { status: 'succeeded' })).data.items).toEqual([]);
    expect((await ana!.query('review.list')).data.items.length).toBeGreaterThanOrEqual(5);
    for (const bad of [
      { status: 'open' },
      { limit: 0 },
      { limit: 201 },
      { limit: 1.5 },
      { needsMe: 'yes' },
      { cursor: 5 },
      { all: true },
    ]) {
      expect((await ana!.query('review.list', bad)).status, JSON.stringify(bad)).toBe(400);
    }
    expect((await ana!.query('review.list', { cursor: 'mine' })).error?.code).toBe('cursor_invalid');
  });

  test('get: digest, footprint, footprintDigest, blastRadius, hold, origins, history; items with the stated keys', async () => {
    const detail = await heldSql('DELETE FROM customers WHERE id = 3');
    expect(Object.keys(detail)).toEqual(
      expect.arrayContaining([
        'digest',
        'footprint',
        'footprintDigest',
        'blastRadius',
        'hold',
        'origins',
        'history',
      ]),
    );
    for (const item of detail.footprint.items) {
      for (const key of ['kind', 'target', 'resource', 'operation', 'count', 'provenance'])
        expect(item).toHaveProperty(key);
      expect(['read', 'insert', 'update', 'delete']).toContain(item.operation);
      expect(['measured', 'estimated', 'declared', 'unknown']).toContain(item.provenance);
      if (item.count !== null) expect(typeof item.count).toBe('number');
      expect(item.target).toBe('company');
    }
    const direct = detail.footprint.items.find(
      (i: any) => i.resource === 'public.customers' && i.operation === 'delete',
    );
    expect(direct).toMatchObject({ kind: 'relation', count: 1, provenance: 'measured', subjects: 1 });
    expect(direct).not.toHaveProperty('via');
    expect(detail.history.map((e: any) => e.kind)).toEqual(['action.submitted', 'action.held']);
    expect(detail.history.every((e: any) => ISO.test(e.at))).toBe(true);
    expect((await ana!.query('review.get', { actionId: 'act_none' })).status).toBe(404);
  });

  test('decide: stale digests, late answers and people who may not are each told apart', async () => {
    const detail = await heldMail('decide');
    for (const stale of [
      { digest: 'sha256:0' },
      { footprintDigest: '0' },
      { digest: detail.footprintDigest, footprintDigest: detail.digest },
    ]) {
      const { status, error } = await ana!.mutate('review.decide', decision(detail, 'approve', stale));
      expect([status, error?.code]).toEqual([409, 'digest_conflict']);
    }
    expect((await ana!.mutate('review.decide', decision(detail, 'maybe'))).error?.code).toBe('input_invalid');
    expect(
      (await ana!.mutate('review.decide', { ...decision(detail, 'approve'), personId: 'x' })).error?.code,
    ).toBe('input_invalid');
    expect((await sam!.mutate('review.decide', decision(detail, 'approve'))).error?.code).toBe(
      'excluded_from_voting',
    );
    expect((await ruth!.mutate('review.decide', decision(detail, 'reject', { note: 'x' }))).error?.code).toBe(
      'not_entitled',
    );
    const done = await lee!.mutate('review.decide', decision(detail, 'send_back', { note: 'Fewer people.' }));
    expect(done.data).toMatchObject({
      actionId: detail.actionId,
      status: 'sent_back',
      digest: detail.digest,
    });
    expect((await ana!.mutate('review.decide', decision(detail, 'approve'))).error?.code).toBe('not_held');
    expect((await payroll.query('agent.get', { actionId: detail.actionId })).data).toMatchObject({
      status: 'sent_back',
      note: 'Fewer people.',
    });
  });

  test('a note is optional and reaches the agent only when there is one', async () => {
    const detail = await heldMail('no note');
    const { error } = await ana!.mutate('review.decide', decision(detail, 'reject', { note: '  ' }));
    expect(error).toBeNull();
    const { data } = await payroll.query('agent.get', { actionId: detail.actionId });
    expect(data.status).toBe('rejected');
    expect(data).not.toHaveProperty('note');
  });

  test('of many answers at the same instant each person counts once and quorum releases once', async () => {
    const detail = await heldMail('together');
    const people = [ana!, lee!, tomas!, ana!, lee!, tomas!];
    const answers = await Promise.all(
      people.map((p) => p.mutate('review.decide', decision(detail, 'approve'))),
    );
    expect(answers.filter((a) => a.error === null)).toHaveLength(detail.hold.needed);
    const { data } = await ana!.query('audit.list', { actionId: detail.actionId });
    const kinds = data.items.map((e: any) => e.kind);
    expect(kinds.filter((k: string) => k === 'action.released')).toHaveLength(1);
    expect(kinds.filter((k: string) => k === 'action.decided')).toHaveLength(detail.hold.needed);
    const ids = data.items.map((e: any) => BigInt(e.id));
    expect(ids).toEqual([...ids].sort((a, b) => (a < b ? -1 : 1)));
  });
});

describe('halts', () => {
  test.each([
    ['agent', 'payroll-assistant'],
    ['tool', 'send_email'],
    ['workspace', undefined],
  ])(
    'of scope %s stop submitting, claiming and approving until lifted, and revoke what was released',
    async (scope, id) => {
      const waiting = await heldMail(`halt ${scope} 1`);
      const ready = await heldMail(`halt ${scope} 2`);
      for (const p of [ana!, lee!].slice(0, ready.hold.needed))
        await p.mutate('review.decide', decision(ready, 'approve'));
      const wait = payroll.query('agent.wait', { actionId: waiting.actionId, waitSeconds: 1 });
      const { data: halt, error } = await ana!.mutate('halt.engage', {
        scope,
        ...(id ? { id } : {}),
        reason: 'Test',
      });
      expect(error).toBeNull();
      expect(halt).toMatchObject({
        haltId: expect.any(String),
        scope,
        reason: 'Test',
        engagedAt: expect.stringMatching(ISO),
      });
      const again = await lee!.mutate('halt.engage', { scope, ...(id ? { id } : {}), reason: 'Again' });
      expect(again.data.haltId).toBe(halt.haltId);
      const refused = await payroll.mutate('agent.submit', { tool: 'send_email', args: args('late') });
      expect([refused.status, refused.error?.code]).toEqual([412, 'halted']);
      expect((await payroll.query('agent.get', { actionId: ready.actionId })).data.status).toBe('revoked');
      expect((await payroll.mutate('agent.claim', { actionId: ready.actionId })).error).not.toBeNull();
      expect((await lee!.mutate('review.decide', decision(waiting, 'approve'))).error?.code).toBe('halted');
      expect((await wait).data.status).toBe('held');
      expect((await ana!.mutate('halt.lift', { haltId: halt.haltId, reason: 'x' })).error?.code).toBe(
        'forbidden',
      );
      const what = { scope, ...(id ? { id } : {}) };
      for (const wrong of [
        { reason: 'x' },
        { ...what, haltId: halt.haltId, reason: 'x' },
        { scope: 'all', reason: 'x' },
      ])
        expect((await tomas!.mutate('halt.lift', wrong)).error?.code).toBe('input_invalid');
      const lifted = await tomas!.mutate('halt.lift', { ...what, reason: 'Over' });
      expect(lifted.data).toMatchObject({ haltId: halt.haltId, liftedAt: expect.stringMatching(ISO) });
      const twice = await tomas!.mutate('halt.lift', { haltId: halt.haltId, reason: 'Over again' });
      expect(twice.data.liftedAt).toBe(lifted.data.liftedAt);
      expect(
        (await payroll.mutate('agent.submit', { tool: 'send_email', args: args('after') })).error,
      ).toBeNull();
      expect((await payroll.query('agent.get', { actionId: ready.actionId })).data.status).toBe('revoked');
    },
  );

  test('an auditor, nobody, and an agent halt nothing; a halt of nothing is refused', async () => {
    expect((await ruth!.mutate('halt.engage', { scope: 'workspace', reason: 'x' })).error?.code).toBe(
      'forbidden',
    );
    expect((await at.anybody().mutate('halt.engage', { scope: 'workspace', reason: 'x' })).error?.code).toBe(
      'unauthenticated',
    );
    expect((await payroll.mutate('halt.engage', { scope: 'workspace', reason: 'x' })).error?.code).toMatch(
      /unauthenticated|forbidden/,
    );
    for (const bad of [
      { scope: 'agent', id: 'none', reason: 'x' },
      { scope: 'agent', reason: 'x' },
    ]) {
      expect((await ana!.mutate('halt.engage', bad)).error?.code).toBe('halt_unknown');
    }
    expect((await ana!.mutate('halt.engage', { scope: 'planet', reason: 'x' })).error?.code).toBe(
      'input_invalid',
    );
    expect((await ana!.mutate('halt.engage', { scope: 'workspace', reason: ' ' })).error?.code).toBe(
      'input_invalid',
    );
  });
});

describe('a workspace as a file', () => {
  /** The document of the contract, word for word but for the addresses it leaves out with dots. */
  async function ofContract(): Promise<string> {
    await hr.pool.query(`CREATE TABLE IF NOT EXISTS departments (id int PRIMARY KEY, name text);
      CREATE TABLE IF NOT EXISTS employees (employee_id int PRIMARY KEY, email text, salary numeric);
      CREATE TABLE IF NOT EXISTS payslips (id int PRIMARY KEY, employee_id int REFERENCES employees)`);
    const text = await readFile(new URL('./contract-document.yaml', import.meta.url), 'utf8');
    return text.replace('postgres://hr_agent:…@localhost:5432/hr', hr.url);
  }
  /** With the person and the group it refers to and leaves out. */
  const completed = (text: string): string =>
    text
      .replace('people:\n', 'people:\n  - { email: lee@example.com, name: Lee Example, roles: [] }\n')
      .replace('groups:\n', 'groups:\n  - { name: platform, members: [] }\n');

  test('only owners and security leads apply; a dry run changes nothing; twice changes nothing; the key is shown once', async () => {
    const alone = await ofContract();
    const open = await ingrid!.mutate('admin.apply', { document: alone });
    expect([open.status, open.error?.code]).toEqual([400, 'document_invalid']);
    expect(open.error?.message).toContain('There is no group platform');
    const document = completed(alone);
    for (const p of [ana!, ruth!, sam!])
      expect((await p.mutate('admin.apply', { document })).error?.code).toBe('forbidden');
    const dry = await ingrid!.mutate('admin.apply', { document, dryRun: true });
    expect(dry.error).toBeNull();
    expect(dry.data.agents.every((a: any) => !a.key)).toBe(true);
    expect((await ingrid!.query('catalog.people', { q: 'ana@example.com' })).data.items).toEqual([]);
    const first = await ingrid!.mutate('admin.apply', { document });
    expect(first.error).toBeNull();
    expect(Object.keys(first.data).sort()).toEqual(['agents', 'changes', 'warnings']);
    for (const change of first.data.changes) {
      expect(['create', 'update', 'unchanged', 'remove']).toContain(change.change);
      expect(change).toMatchObject({ kind: expect.any(String), name: expect.any(String) });
    }
    expect(first.data.agents).toEqual([{ name: 'hr-assistant', key: expect.stringMatching(/^hp_[^_]+_.+/) }]);
    const whoami = await at
      .anybody({ authorization: `Bearer ${first.data.agents[0].key}` })
      .query('agent.whoami');
    expect(whoami.data.name).toBe('hr-assistant');
    const second = await ingrid!.mutate('admin.apply', { document });
    expect(second.data.changes.every((c: any) => c.change === 'unchanged')).toBe(true);
    expect(second.data.agents).toEqual([]);
    const all = JSON.stringify([first.data, second.data, (await ingrid!.query('catalog.targets', {})).data]);
    const password = new URL(hr.url).password;
    if (password) expect(all).not.toContain(password);
    expect((await payroll.query('agent.whoami')).data.status).toBe('active');
  });

  test.each([
    ['no YAML', 'a: [b'],
    ['another version', 'apiVersion: holdpoint/v2'],
    ['nothing', ''],
    ['an unknown key', 'apiVersion: holdpoint/v1\nsecrets: []'],
    ['an agent of nobody', 'apiVersion: holdpoint/v1\nagents: [{ name: x, owner: nobody@example.com }]'],
    [
      'a tool without its target',
      'apiVersion: holdpoint/v1\ntools: [{ name: x, target: none, kind: sql, execution: broker }]',
    ],
    ['a group within itself', 'apiVersion: holdpoint/v1\ngroups: [{ name: a, members: [{ group: a }] }]'],
    [
      'the same name twice',
      'apiVersion: holdpoint/v1\ngroups: [{ name: a, members: [] }, { name: a, members: [] }]',
    ],
    [
      'a role nobody knows',
      'apiVersion: holdpoint/v1\npeople: [{ email: x@example.com, name: X, roles: [king] }]',
    ],
    [
      'aliases without end',
      `apiVersion: holdpoint/v1\na: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d]\npeople: [*e,*e,*e,*e,*e,*e,*e]`,
    ],
  ])('%s is refused in words and changes nothing', async (_, document) => {
    const { status, error } = await ingrid!.mutate('admin.apply', { document });
    expect([status, error?.code]).toEqual([400, 'document_invalid']);
    expect(error?.message.length).toBeGreaterThan(20);
  });
});
