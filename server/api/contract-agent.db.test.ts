// biome-ignore-all lint/suspicious/noExplicitAny: answers are read as any client would read them.
import { createLocalJWKSet, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Caller, type Installation, startInstallation } from '@/server/testing/installation';

let at: Installation;
let payroll: Caller;
let janitor: Caller;
let ana: Caller;
let lee: Caller;

beforeAll(async () => {
  at = await startInstallation();
  payroll = at.agent('payroll-assistant');
  janitor = at.agent('data-janitor');
  [ana, lee] = await Promise.all([at.person('ana@larkfield.example'), at.person('lee@larkfield.example')]);
}, 120_000);
afterAll(() => at?.close());

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const VIEW = [
  'actionId',
  'runId',
  'status',
  'digest',
  'execution',
  'expiresAt',
  'retryAfterSeconds',
  'note',
  'result',
  'url',
];
const sql = (statement: string, extra: object = {}) => ({
  tool: 'company.sql',
  args: { statement },
  ...extra,
});
const email = (subject = 'Hello', extra: object = {}) => ({
  tool: 'send_email',
  args: { recipients: ['ana@larkfield.example'], subject, body: 'Done.' },
  ...extra,
});

async function held(
  agent: Caller,
  input: object,
): Promise<{ actionId: string; detail: Record<string, any> }> {
  const { data, error } = await agent.mutate('agent.submit', input);
  expect(error).toBeNull();
  await at.until(data.actionId, 'held');
  const detail = (await ana.query('review.get', { actionId: data.actionId })).data;
  return { actionId: data.actionId, detail };
}
const decision = (detail: Record<string, any>, word: string, extra: object = {}) => ({
  actionId: detail.actionId,
  digest: detail.digest,
  footprintDigest: detail.footprintDigest,
  decision: word,
  ...extra,
});
async function approve(detail: Record<string, any>): Promise<void> {
  for (const reviewer of [ana, lee].slice(0, detail.hold.needed)) {
    const { error } = await reviewer.mutate('review.decide', decision(detail, 'approve'));
    expect(error).toBeNull();
  }
}
async function released(subject: string): Promise<string> {
  const { actionId, detail } = await held(payroll, email(subject));
  await approve(detail);
  return actionId;
}

describe('what each procedure answers', () => {
  test('agent.whoami: who the key belongs to, and nothing else', async () => {
    const { data } = await payroll.query('agent.whoami');
    expect(Object.keys(data).sort()).toEqual(['agentId', 'name', 'status', 'workspace']);
    expect(data).toMatchObject({ name: 'payroll-assistant', workspace: 'Larkfield', status: 'active' });
  });

  test('agent.tools: name, description, inputSchema, target, execution of each', async () => {
    const { data } = await payroll.query('agent.tools');
    for (const tool of data) {
      expect(Object.keys(tool).sort()).toEqual(['description', 'execution', 'inputSchema', 'name', 'target']);
      expect(tool.inputSchema.type).toBe('object');
    }
    const byName = Object.fromEntries(data.map((t: { name: string }) => [t.name, t]));
    expect(byName['company.sql']).toMatchObject({ execution: 'broker', target: 'company' });
    expect(byName.send_email).toMatchObject({ execution: 'agent', target: null });
    expect(JSON.stringify(data)).not.toMatch(/postgres:\/\/|postgresql:\/\//);
  });

  test('agent.submit: the planned action view and no other key, and the same by agent.get', async () => {
    const { data } = await payroll.mutate(
      'agent.submit',
      sql('UPDATE employees SET salary = 1 WHERE id = 5'),
    );
    for (const key of Object.keys(data)) expect(VIEW).toContain(key);
    expect(data.digest).toMatch(/^[0-9a-f]{64}$|^sha256/);
    expect(data.url).toBe(`${new URL(data.url).origin}/actions/${data.actionId}`);
    expect(data.runId).toBeNull();
    expect(data.execution).toBe('broker');
    const got = await payroll.query('agent.get', { actionId: data.actionId });
    for (const key of Object.keys(got.data)) expect(VIEW).toContain(key);
    expect(got.data.digest).toBe(data.digest);
  });

  test('a held view has no note and no result, and its end only where no data had a say in it', async () => {
    for (const input of [sql('UPDATE employees SET salary = 2 WHERE id = 5'), email('Held')]) {
      const { actionId } = await held(payroll, input);
      const { data } = await payroll.query('agent.get', { actionId });
      expect(typeof data.retryAfterSeconds).toBe('number');
      expect(data).not.toHaveProperty('note');
      expect(data).not.toHaveProperty('result');
      if (input.tool === 'send_email') expect(data.expiresAt).toMatch(ISO);
      else expect(data).not.toHaveProperty('expiresAt');
    }
  });

  test('runs: startRun, submit into it, observe, finishRun; a finished run takes nothing more', async () => {
    const { data: run } = await payroll.mutate('agent.startRun', {
      goal: 'Month end',
      onBehalfOf: 'mia@larkfield.example',
      mandate: { tools: ['company.sql'] },
      externalId: 'job-1',
    });
    expect(run.startedAt).toMatch(ISO);
    const again = await payroll.mutate('agent.startRun', { goal: 'Month end', externalId: 'job-1' });
    expect(again.data.runId).toBe(run.runId);
    const other = await payroll.mutate('agent.startRun', { goal: 'Another', externalId: 'job-1' });
    expect([other.status, other.error?.code]).toEqual([409, 'conflict']);
    const observed = { runId: run.runId, tool: 'directory', result: { found: ['x'] }, trusted: true };
    expect((await payroll.mutate('agent.observe', observed)).data).toEqual({});
    const submitted = await payroll.mutate('agent.submit', {
      ...sql('SELECT id FROM departments'),
      runId: run.runId,
    });
    expect(submitted.data.runId).toBe(run.runId);
    const finished = await payroll.mutate('agent.finishRun', { runId: run.runId, outcome: 'done' });
    expect(finished.data).toEqual({ runId: run.runId });
    expect((await payroll.mutate('agent.finishRun', { runId: run.runId })).data).toEqual({
      runId: run.runId,
    });
    const late = await payroll.mutate('agent.submit', { ...sql('SELECT 1'), runId: run.runId });
    expect([late.status, late.error?.code]).toEqual([412, 'run_finished']);
    expect((await payroll.mutate('agent.observe', observed)).error?.code).toBe('run_finished');
    const theirs = await janitor.mutate('agent.submit', { ...sql('SELECT 1'), runId: run.runId });
    expect([theirs.status, theirs.error?.code]).toEqual([404, 'run_unknown']);
    expect((await janitor.mutate('agent.finishRun', { runId: run.runId })).error?.code).toBe('run_unknown');
    expect((await janitor.mutate('agent.observe', observed)).error?.code).toBe('run_unknown');
  });
});

describe('idempotency', () => {
  test('the same key and digest is the same action, also at the same instant; another digest is a conflict', async () => {
    const input = sql('UPDATE employees SET salary = 3 WHERE id = 6', { idempotencyKey: 'k-1' });
    const all = await Promise.all(Array.from({ length: 20 }, () => payroll.mutate('agent.submit', input)));
    expect(new Set(all.map((a) => a.data?.actionId)).size).toBe(1);
    expect(all.every((a) => a.error === null)).toBe(true);
    const later = await payroll.mutate('agent.submit', input);
    expect(later.data.actionId).toBe(all[0]?.data.actionId);
    const changed = await payroll.mutate('agent.submit', sql('SELECT 1', { idempotencyKey: 'k-1' }));
    expect([changed.status, changed.error?.code]).toEqual([409, 'idempotency_conflict']);
    const neighbour = await janitor.mutate('agent.submit', input);
    expect(neighbour.error).toBeNull();
    expect(neighbour.data.actionId).not.toBe(all[0]?.data.actionId);
  });

  test('after its decision the key still answers the same action', async () => {
    const input = sql('UPDATE employees SET salary = 4 WHERE id = 6', { idempotencyKey: 'k-2' });
    const { actionId, detail } = await held(payroll, input);
    await ana.mutate('review.decide', decision(detail, 'reject', { note: 'No.' }));
    const { data } = await payroll.mutate('agent.submit', input);
    expect(data).toMatchObject({ actionId, status: 'rejected', note: 'No.' });
  });

  test('keys and digests are told apart exactly', async () => {
    const one = await payroll.mutate('agent.submit', email('A', { idempotencyKey: 'K' }));
    const two = await payroll.mutate('agent.submit', email('A', { idempotencyKey: 'k' }));
    const three = await payroll.mutate('agent.submit', email('A'));
    expect(new Set([one, two, three].map((a) => a.data.actionId)).size).toBe(3);
    expect(new Set([one, two, three].map((a) => a.data.digest)).size).toBe(1);
    const reasoned = await payroll.mutate('agent.submit', email('A', { reason: 'because' }));
    expect(reasoned.data.digest).not.toBe(one.data.digest);
  });
});

describe('waiting', () => {
  test('0 answers at once, what is beyond 0–55 or no number is refused with a pointer', async () => {
    const { actionId } = await held(payroll, sql('UPDATE employees SET salary = 5 WHERE id = 7'));
    expect((await payroll.query('agent.wait', { actionId, waitSeconds: 0 })).data.status).toMatch(
      /^(measuring|held)$/,
    );
    for (const waitSeconds of [-1, 55.1, 56, 1e9, '5', null, Number.NaN]) {
      const refused = await payroll.query('agent.wait', { actionId, waitSeconds });
      expect([refused.status, refused.error?.code], String(waitSeconds)).toEqual([400, 'input_invalid']);
      expect(refused.error?.message).toContain('/waitSeconds');
    }
    expect((await payroll.query('agent.wait', { actionId })).error?.code).toBe('input_invalid');
  });

  test.each([
    [
      'rejected',
      async (d: Record<string, any>) => ana.mutate('review.decide', decision(d, 'reject', { note: 'No.' })),
    ],
    [
      'sent_back',
      async (d: Record<string, any>) =>
        ana.mutate('review.decide', decision(d, 'send_back', { note: 'Less.' })),
    ],
    ['cancelled', async (d: Record<string, any>) => payroll.mutate('agent.cancel', { actionId: d.actionId })],
    ['released', async (d: Record<string, any>) => approve(d)],
  ])('answers as soon as a held action is %s', async (status, leave) => {
    const { actionId, detail } = await held(payroll, email(`wait ${status}`));
    const waiting = payroll.query('agent.wait', { actionId, waitSeconds: 55 });
    await leave(detail);
    expect((await waiting).data.status).toBe(status);
  });

  test('many may wait for the same action and all hear of it', async () => {
    const { actionId, detail } = await held(payroll, email('crowd'));
    const waiting = Array.from({ length: 20 }, () =>
      payroll.query('agent.wait', { actionId, waitSeconds: 55 }),
    );
    await ana.mutate('review.decide', decision(detail, 'reject', { note: 'No.' }));
    expect(new Set((await Promise.all(waiting)).map((w) => w.data.status))).toEqual(new Set(['rejected']));
  });
});

describe('cancelling', () => {
  test('a held and a released action can be cancelled, twice is fine, and then neither decided nor claimed', async () => {
    const one = await held(payroll, email('cancel 1'));
    for (let i = 0; i < 2; i++) {
      expect((await payroll.mutate('agent.cancel', { actionId: one.actionId })).data.status).toBe(
        'cancelled',
      );
    }
    const decided = await ana.mutate('review.decide', decision(one.detail, 'approve'));
    expect([decided.status, decided.error?.code]).toEqual([412, 'not_held']);
    const two = await released('cancel 2');
    expect((await payroll.mutate('agent.cancel', { actionId: two })).data.status).toBe('cancelled');
    expect((await payroll.mutate('agent.claim', { actionId: two })).error?.code).toBe('not_released');
  });

  test('what runs or is over cannot be cancelled', async () => {
    const actionId = await released('cancel 3');
    const claim = await payroll.mutate('agent.claim', { actionId });
    const running = await payroll.mutate('agent.cancel', { actionId });
    expect([running.status, running.error?.code]).toEqual([412, 'not_cancellable']);
    await payroll.mutate('agent.report', {
      actionId,
      releaseId: claim.data.releaseId,
      outcome: 'failed',
      error: 'bounced',
    });
    expect((await payroll.mutate('agent.cancel', { actionId })).error?.code).toBe('not_cancellable');
    const rejected = await held(payroll, email('cancel 4'));
    await ana.mutate('review.decide', decision(rejected.detail, 'reject', { note: 'No.' }));
    expect((await payroll.mutate('agent.cancel', { actionId: rejected.actionId })).error?.code).toBe(
      'not_cancellable',
    );
  });
});

describe('claiming and reporting', () => {
  test('only what is released for the agent itself can be claimed', async () => {
    const one = await held(payroll, email('claim 1'));
    expect((await payroll.mutate('agent.claim', { actionId: one.actionId })).error?.code).toBe(
      'not_released',
    );
    const broker = await held(payroll, sql('UPDATE employees SET salary = 6 WHERE id = 8'));
    expect((await payroll.mutate('agent.claim', { actionId: broker.actionId })).error?.code).toBe(
      'not_claimable',
    );
    const early = { actionId: one.actionId, releaseId: 'rel_none', outcome: 'succeeded' };
    expect((await payroll.mutate('agent.report', early)).error?.code).toBe('release_mismatch');
  });

  test('a release is claimed once among many at the same instant, verifies offline, and a tampered one does not', async () => {
    const actionId = await released('claim 2');
    expect((await janitor.mutate('agent.claim', { actionId })).error?.code).toBe('action_unknown');
    const claims = await Promise.all(
      Array.from({ length: 10 }, () => payroll.mutate('agent.claim', { actionId })),
    );
    const [won, ...more] = claims.filter((c) => c.error === null);
    expect(more).toEqual([]);
    expect(
      claims.filter((c) => c.status === 409 && c.error?.code === 'release_already_claimed'),
    ).toHaveLength(9);
    expect(Object.keys(won?.data).sort()).toEqual(['expiresAt', 'release', 'releaseId']);
    expect(won?.data.expiresAt).toMatch(ISO);
    const jwks = await (await fetch(`${at.url}/.well-known/jwks.json`)).json();
    expect(JSON.stringify(jwks)).not.toContain('"d"');
    const keys = createLocalJWKSet(jwks);
    const { payload, protectedHeader } = await jwtVerify(won?.data.release, keys);
    expect(protectedHeader.alg).toBe('EdDSA');
    const { data } = await payroll.query('agent.get', { actionId });
    expect(payload).toMatchObject({ digest: data.digest, jti: won?.data.releaseId, action: actionId });
    const [header = '', body = '', signature = ''] = String(won?.data.release).split('.');
    const forged = Buffer.from(JSON.stringify({ ...payload, digest: 'other' })).toString('base64url');
    const none = Buffer.from(JSON.stringify({ ...protectedHeader, alg: 'none' })).toString('base64url');
    for (const bad of [
      `${header}.${forged}.${signature}`,
      `${none}.${body}.`,
      `${none}.${body}.${signature}`,
    ]) {
      await expect(jwtVerify(bad, keys)).rejects.toThrow();
    }
  });

  test('a report needs the claimed releaseId, is taken once, and the same one again is fine', async () => {
    const [actionId, other] = [await released('report 1'), await released('report 2')];
    const claim = (await payroll.mutate('agent.claim', { actionId })).data;
    const foreign = (await payroll.mutate('agent.claim', { actionId: other })).data;
    const report = (extra: object) =>
      payroll.mutate('agent.report', {
        actionId,
        releaseId: claim.releaseId,
        outcome: 'succeeded',
        ...extra,
      });
    expect((await report({ releaseId: foreign.releaseId })).error?.code).toBe('release_mismatch');
    const stranger = { actionId, releaseId: claim.releaseId, outcome: 'succeeded' };
    expect((await janitor.mutate('agent.report', stranger)).error?.code).toBe('action_unknown');
    expect((await report({ outcome: 'ok' })).error?.code).toBe('input_invalid');
    expect((await report({ result: 'x'.repeat(300 * 1024) })).status).toBe(413);
    const taken = await report({ result: { id: 'm1' } });
    expect(taken.data).toMatchObject({ status: 'succeeded' });
    expect(JSON.stringify(taken.data.result)).toContain('m1');
    expect((await report({ result: { id: 'm1' } })).data.status).toBe('succeeded');
    expect((await report({ outcome: 'failed' })).error?.code).toBe('not_reportable');
    const unknown = { actionId: other, releaseId: foreign.releaseId, outcome: 'unknown' };
    expect((await payroll.mutate('agent.report', unknown)).data.status).toBe('unknown_outcome');
  });
});
