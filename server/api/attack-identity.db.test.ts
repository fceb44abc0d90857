// biome-ignore-all lint/suspicious/noExplicitAny: answers are read as any client would read them.
import { randomBytes } from 'node:crypto';
import { encode } from 'next-auth/jwt';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { applyDocument } from '@/server/operations/apply-document';
import { newId } from '@/server/store/new-id';
import { createWorkspace } from '@/server/testing/identity';
import { type Caller, type Installation, startInstallation } from '@/server/testing/installation';

let at: Installation;
let payroll: Caller;
let ana: Caller;
let ingrid: Caller;
/** Another workspace of the same installation: everybody in it is entitled to everything there. */
let there: { agent: Record<string, string>; owner: Record<string, string> };
let ids: Record<string, string>;

const raw = async (path: string, init: RequestInit = {}) => {
  const response = await fetch(`${at.url}${path}`, init);
  const text = await response.text();
  return {
    status: response.status,
    text,
    body: text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : null,
  };
};
const post = (path: string, headers: Record<string, string>, body: unknown) =>
  raw(`/api/trpc/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
const get = (path: string, headers: Record<string, string>, input?: unknown) =>
  raw(
    `/api/trpc/${path}${input === undefined ? '' : `?input=${encodeURIComponent(JSON.stringify(input))}`}`,
    {
      headers,
    },
  );

async function otherWorkspace() {
  const workspaceId = await createWorkspace(at.world.db, 'Elsewhere');
  const document = {
    apiVersion: 'holdpoint/v1',
    people: [
      {
        email: 'eve@elsewhere.example',
        name: 'Eve',
        roles: ['owner', 'security_lead', 'reviewer'],
        clearances: ['personal', 'financial'],
      },
    ],
    agents: [{ name: 'spy', owner: 'eve@elsewhere.example', clearances: ['internal'] }],
    tools: [{ name: 'say', execution: 'agent', inputSchema: { type: 'object' }, effects: [] }],
  };
  const applied = await applyDocument(
    at.world,
    { kind: 'operator', workspaceId, name: 'test' },
    { document },
  );
  if (!applied.ok) throw new Error(JSON.stringify(applied));
  const person = await at.world.db.prisma.person.findFirstOrThrow({ where: { workspaceId } });
  const sid = newId('session');
  await at.world.db.prisma.session.create({
    data: { id: sid, workspaceId, personId: person.id, expiresAt: new Date(Date.now() + 3_600_000) },
  });
  const token = await encode({ token: { sid }, secret: at.cookie.secret });
  return {
    agent: { authorization: `Bearer ${applied.value.agents[0]?.key}` },
    owner: { cookie: `${at.cookie.name}=${token}` },
  };
}

beforeAll(async () => {
  at = await startInstallation();
  payroll = at.agent('payroll-assistant');
  [ana, ingrid] = await Promise.all([
    at.person('ana@larkfield.example'),
    at.person('ingrid@larkfield.example'),
  ]);
  there = await otherWorkspace();
  const run = (await payroll.mutate('agent.startRun', { goal: 'Month end' })).data;
  const args = { recipients: ['someone@elsewhere.example'], subject: 'Hello', body: 'Done.' };
  const action = (await payroll.mutate('agent.submit', { tool: 'send_email', args, runId: run.runId })).data;
  const detail = (await ana.query('review.get', { actionId: action.actionId })).data;
  const agents = (await ingrid.query('catalog.agents', {})).data.items;
  const agent = agents.find((a: any) => a.name === 'payroll-assistant');
  const people = (await ingrid.query('catalog.people', {})).data.items;
  const targets = (await ingrid.query('catalog.targets', {})).data.items;
  const keys = (await ingrid.query('catalog.agent', { agentId: agent.agentId })).data.keys;
  const halt = (
    await ingrid.mutate('halt.engage', { scope: 'tool', id: 'get_exchange_rate', reason: 'Test' })
  ).data;
  ids = {
    actionId: action.actionId,
    digest: detail.digest,
    footprintDigest: detail.footprintDigest,
    runId: run.runId,
    agentId: agent.agentId,
    keyId: keys[0].keyId,
    personId: people.find((p: any) => p.email === 'ana@larkfield.example').personId,
    sessionId: (await ana.query('me.sessions')).data[0].sessionId,
    targetId: targets[0].targetId,
    haltId: halt.haltId,
  };
  for (const [name, id] of Object.entries(ids)) if (!id) throw new Error(`no ${name}`);
}, 120_000);
afterAll(() => at?.close());

const pick = (...names: string[]) => Object.fromEntries(names.map((name) => [name, ids[name]]));

describe('ids of another workspace are like ids of nothing', () => {
  const agents: [string, string, () => object][] = [
    ['GET', 'agent.get', () => pick('actionId')],
    ['GET', 'agent.wait', () => ({ ...pick('actionId'), waitSeconds: 1 })],
    ['POST', 'agent.cancel', () => pick('actionId')],
    ['POST', 'agent.claim', () => pick('actionId')],
    ['POST', 'agent.report', () => ({ ...pick('actionId'), releaseId: 'rel_x', outcome: 'succeeded' })],
    ['POST', 'agent.finishRun', () => pick('runId')],
    ['POST', 'agent.observe', () => ({ ...pick('runId'), tool: 'x', result: 1 })],
    ['POST', 'agent.submit', () => ({ ...pick('runId'), tool: 'say', args: {} })],
    ['POST', 'agent.submit', () => ({ tool: 'company.sql', args: { statement: 'SELECT 1' } })],
  ];
  const people: [string, string, () => object][] = [
    ['GET', 'review.get', () => pick('actionId')],
    ['GET', 'review.rows', () => pick('actionId', 'footprintDigest')],
    [
      'POST',
      'review.reveal',
      () => ({ ...pick('actionId', 'footprintDigest'), classes: ['personal'], reason: 'curious' }),
    ],
    [
      'POST',
      'review.decide',
      () => ({ ...pick('actionId', 'digest', 'footprintDigest'), decision: 'approve' }),
    ],
    [
      'POST',
      'review.decide',
      () => ({ ...pick('actionId', 'digest', 'footprintDigest'), decision: 'reject', note: 'x' }),
    ],
    ['POST', 'halt.engage', () => ({ scope: 'agent', id: ids.agentId, reason: 'x' })],
    ['POST', 'halt.engage', () => ({ scope: 'run', id: ids.runId, reason: 'x' })],
    ['POST', 'halt.engage', () => ({ scope: 'tool', id: 'send_email', reason: 'x' })],
    ['POST', 'halt.engage', () => ({ scope: 'target', id: ids.targetId, reason: 'x' })],
    ['POST', 'halt.lift', () => ({ ...pick('haltId'), reason: 'x' })],
    ['GET', 'catalog.agent', () => pick('agentId')],
    ['GET', 'catalog.target', () => pick('targetId')],
    ['POST', 'admin.createKey', () => ({ ...pick('agentId'), name: 'mine' })],
    ['POST', 'admin.rotateKey', () => pick('keyId')],
    ['POST', 'admin.revokeKey', () => pick('keyId')],
    ['POST', 'admin.suspendAgent', () => ({ ...pick('agentId'), reason: 'x' })],
    ['POST', 'admin.suspendAgent', () => pick('agentId')],
    ['POST', 'admin.resumeAgent', () => pick('agentId')],
    ['POST', 'admin.checkTarget', () => pick('targetId')],
    ['POST', 'admin.revokeSessions', () => pick('personId')],
    ['POST', 'me.revokeSessions', () => pick('personId')],
    ['POST', 'me.revokeSessions', () => pick('sessionId')],
  ];
  const all = [
    ...agents.map((c) => ['agent', ...c] as const),
    ...people.map((c) => ['owner', ...c] as const),
  ];
  test.each(all)('%s %s %s (#%#)', async (who, method, path, input) => {
    const call = method === 'GET' ? get : post;
    const answer = await call(path, there[who], input());
    if (path === 'me.revokeSessions') {
      expect((await ana.query('me.get')).error).toBeNull();
      return;
    }
    expect(answer.status, answer.text).toBeGreaterThanOrEqual(400);
    expect(answer.status, answer.text).toBeLessThan(500);
    // Told exactly what is told of an id that never was, except for the id itself.
    for (const secret of ['payroll', 'larkfield', 'Larkfield', 'month end'])
      expect(answer.text).not.toContain(secret);
  });

  test('and none of it changed anything here', async () => {
    const { data } = await ana.query('review.get', { actionId: ids.actionId });
    expect(data).toMatchObject({ status: 'held', votes: 0 });
    expect((await payroll.query('agent.whoami')).data.status).toBe('active');
    const halts = (await ana.query('halt.list')).data.filter((h: any) => h.liftedAt === null);
    expect(halts.map((h: any) => h.haltId)).toEqual([ids.haltId]);
    const events = (await ana.query('audit.list', { limit: 500 })).data.items;
    expect(JSON.stringify(events)).not.toContain('Eve');
  });

  test('lists hold nothing of another workspace, whatever is filtered by', async () => {
    for (const [path, input] of [
      ['review.list', { agentId: ids.agentId }],
      ['review.list', { runId: ids.runId }],
      ['review.list', { cursor: ids.actionId }],
      ['audit.list', { actionId: ids.actionId }],
      ['audit.list', { cursor: '999999999' }],
      ['catalog.people', { q: 'ana' }],
      ['catalog.agents', { q: 'payroll' }],
      ['halt.list', undefined],
    ] as const) {
      const { status, text } = await get(path, there.owner, input);
      expect(status, path).toBe(200);
      for (const secret of ['larkfield', 'payroll', ids.actionId ?? ''])
        expect(text, path).not.toContain(secret);
    }
  });
});

describe('who somebody is', () => {
  test('a cookie of another secret, of no session, with claims of its own, or malformed is nobody', async () => {
    const other = randomBytes(32).toString('base64');
    const forged = [
      await encode({ token: { sid: ids.sessionId ?? '' }, secret: other }),
      await encode({ token: { sid: 'ses_none' }, secret: at.cookie.secret }),
      await encode({
        token: { sub: ids.personId ?? '', role: 'owner', email: 'ingrid@larkfield.example' },
        secret: at.cookie.secret,
      }),
      await encode({ token: { sid: { contains: '' } as never }, secret: at.cookie.secret }),
      await encode({ token: { sid: ids.sessionId ?? '' }, secret: at.cookie.secret, maxAge: -60 }),
      'eyJhbGciOiJub25lIn0.e30.',
      '',
      'x'.repeat(5_000),
      '%00',
    ];
    for (const token of forged) {
      const { status, body } = await get('me.get', { cookie: `${at.cookie.name}=${token}` }, undefined);
      expect([status, body?.error?.data.holdpointCode], token).toEqual([401, 'unauthenticated']);
    }
  });

  test('a session that was revoked is over at the next request, and cannot be brought along by another cookie', async () => {
    const lee = await at.person('lee@larkfield.example');
    expect((await lee.query('me.get')).error).toBeNull();
    const sessions = (await lee.query('me.sessions')).data;
    await lee.mutate('me.revokeSessions', { sessionId: sessions[0].sessionId });
    expect((await lee.query('me.get')).error?.code).toBe('unauthenticated');
    expect(
      (
        await lee.mutate('review.decide', {
          ...pick('actionId', 'digest', 'footprintDigest'),
          decision: 'approve',
        })
      ).error?.code,
    ).toBe('unauthenticated');
  });

  test('a stream of a person whose session is revoked ends', async () => {
    const jonas = await at.world.db.prisma.person.findUniqueOrThrow({
      where: { email: 'jonas@larkfield.example' },
    });
    const sid = newId('session');
    await at.world.db.prisma.session.create({
      data: {
        id: sid,
        workspaceId: at.workspaceId,
        personId: jonas.id,
        expiresAt: new Date(Date.now() + 3_600_000),
      },
    });
    const token = await encode({ token: { sid }, secret: at.cookie.secret });
    const cookie = `${at.cookie.name}=${token}`;
    const response = await fetch(`${at.url}/api/stream`, { headers: { cookie } });
    expect(response.status).toBe(200);
    const ended = (async () => {
      const reader = response.body?.getReader();
      while (reader && !(await reader.read()).done);
    })();
    await ingrid.mutate('admin.revokeSessions', { personId: jonas.id });
    await ended;
    expect((await fetch(`${at.url}/api/stream`, { headers: { cookie } })).status).toBe(401);
  }, 40_000);

  test('another site, a form and a link decide nothing with somebody’s cookie', async () => {
    const sam = await at.world.db.prisma.session.findFirstOrThrow({ where: { id: ids.sessionId ?? '' } });
    const token = await encode({ token: { sid: sam.id }, secret: at.cookie.secret });
    const cookie = `${at.cookie.name}=${token}`;
    const input = { ...pick('actionId', 'digest', 'footprintDigest'), decision: 'reject', note: 'x' };
    for (const headers of [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { 'content-type': 'text/plain' },
      { 'content-type': 'application/x-www-form-urlencoded' },
      { 'content-type': 'multipart/form-data; boundary=application/json' },
    ]) {
      const { status } = await post(
        'review.decide',
        { cookie, ...(headers as Record<string, string>) },
        input,
      );
      expect([400, 403, 415], JSON.stringify(headers)).toContain(status);
    }
    const link = await get('review.decide', { cookie }, input);
    expect(link.status).toBe(405);
    const batch = await raw(
      `/api/trpc/review.decide?batch=1&input=${encodeURIComponent(JSON.stringify({ 0: input }))}`,
      { headers: { cookie } },
    );
    expect(batch.status).toBe(405);
    const override = await raw('/api/trpc/review.decide', {
      headers: { cookie, 'x-http-method-override': 'POST', 'x-http-method': 'POST' },
    });
    expect(override.status).toBe(405);
    expect((await ana.query('review.get', { actionId: ids.actionId })).data.status).toBe('held');
  });

  test('headers a client sets say nothing about who it is', async () => {
    const claims = {
      'x-user-id': ids.personId ?? '',
      'x-workspace-id': at.workspaceId,
      'x-agent-id': ids.agentId ?? '',
      'x-forwarded-user': 'ingrid@larkfield.example',
      'x-middleware-subrequest': 'middleware',
    };
    expect((await get('me.get', claims, undefined)).status).toBe(401);
    expect((await get('agent.whoami', claims, undefined)).status).toBe(401);
    expect(
      JSON.stringify((await get('agent.whoami', { ...there.agent, ...claims }, undefined)).body),
    ).toContain('spy');
  });
});
