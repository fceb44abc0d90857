import { createRemoteJWKSet, jwtVerify } from 'jose';
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

// biome-ignore lint/suspicious/noExplicitAny: read as any client would read it.
type Detail = Record<string, any>;

const sql = (statement: string, params?: unknown[]) => ({
  tool: 'company.sql',
  args: params === undefined ? { statement } : { statement, params },
});

async function settled(agent: Caller, actionId: string, wanted: string[]): Promise<Record<string, unknown>> {
  for (let i = 0; i < 30; i += 1) {
    const { data } = await agent.query('agent.get', { actionId });
    if (wanted.includes(data.status)) return data;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`it never became ${wanted}`);
}

async function submitHeld(agent: Caller, input: object): Promise<{ actionId: string; detail: Detail }> {
  const submitted = await agent.mutate('agent.submit', input);
  expect(submitted.error).toBeNull();
  await at.until(submitted.data.actionId, 'held');
  const { data } = await ana.query('review.get', { actionId: submitted.data.actionId });
  return { actionId: submitted.data.actionId, detail: data };
}

const decision = (detail: Detail, word: string, note?: string) => ({
  actionId: detail.actionId,
  digest: detail.digest,
  footprintDigest: detail.footprintDigest,
  decision: word,
  ...(note === undefined ? {} : { note }),
});

describe('the main job', () => {
  test('a small read within clearance is allowed at once and the agent gets its rows', async () => {
    const submitted = await payroll.mutate(
      'agent.submit',
      sql('SELECT id, job_title FROM employees WHERE id <= 3 ORDER BY id'),
    );
    expect(submitted.error).toBeNull();
    const waited = await payroll.query('agent.wait', { actionId: submitted.data.actionId, waitSeconds: 20 });
    expect(waited.data.status).toBe('succeeded');
    expect(waited.data.result.rows).toHaveLength(3);
    expect(Object.keys(waited.data.result.rows[0])).toEqual(['id', 'job_title']);
  });

  test('an update is held with exact counts, approved by a person, and then runs and is returned', async () => {
    const before = await at.company.query('SELECT count(*)::int AS n FROM employees WHERE department_id = 2');
    const changed: number = before.rows[0].n;
    const { detail, actionId } = await submitHeld(
      payroll,
      sql('UPDATE employees SET salary = salary + 100 WHERE department_id = 2 RETURNING id'),
    );
    const items = (detail.footprint as { items: Record<string, unknown>[] }).items;
    const update = items.find((i) => i.resource === 'public.employees' && i.operation === 'update');
    expect(update).toMatchObject({ count: changed, provenance: 'measured' });
    expect(update).not.toHaveProperty('via');
    const written = items.find((i) => i.resource === 'public.salary_changes' && i.operation === 'insert');
    expect(written).toMatchObject({ count: changed, provenance: 'measured' });
    expect(String(written?.via)).toContain('trigger');
    expect(detail.sentence).toContain(`Update ${changed} rows in employees`);

    const waiting = payroll.query('agent.wait', { actionId, waitSeconds: 30 });
    const decided = await ana.mutate('review.decide', decision(detail, 'approve'));
    expect(decided.error).toBeNull();
    const waited = await waiting;
    expect(waited.data.status).toBe('succeeded');
    expect(waited.data.result.rowCount).toBe(changed);
    const after = await at.company.query(
      'SELECT count(*)::int AS n FROM salary_changes WHERE new_salary = old_salary + 100',
    );
    expect(after.rows[0].n).toBeGreaterThanOrEqual(changed);
    const { data: events } = await ana.query('audit.list', { actionId });
    const kinds = (events.items as { kind: string }[]).map((e) => e.kind);
    expect(kinds).toEqual(
      expect.arrayContaining([
        'action.submitted',
        'action.held',
        'action.decided',
        'action.released',
        'release.claimed',
        'execution.succeeded',
      ]),
    );
  });

  test('a delete is measured with its cascades, rejected with a reason, and nothing happens', async () => {
    const before = await at.company.query(
      'SELECT (SELECT count(*) FROM customers)::int AS c, (SELECT count(*) FROM orders)::int AS o',
    );
    const { detail, actionId } = await submitHeld(janitor, sql('DELETE FROM customers WHERE id IN (1, 2)'));
    const items = (
      detail.footprint as { items: { resource: string; operation: string; count: number; via?: string }[] }
    ).items;
    const orders = items.find((i) => i.resource === 'public.orders' && i.operation === 'delete');
    const real = await at.company.query('SELECT count(*)::int AS n FROM orders WHERE customer_id IN (1, 2)');
    if (real.rows[0].n > 0) {
      expect(orders?.count).toBe(real.rows[0].n);
      expect(orders?.via).toContain('foreign key');
    }
    await lee.mutate('review.decide', decision(detail, 'reject', 'These two are still active.'));
    const { data } = await janitor.query('agent.wait', { actionId, waitSeconds: 5 });
    expect(data).toMatchObject({ status: 'rejected', note: 'These two are still active.' });
    const after = await at.company.query(
      'SELECT (SELECT count(*) FROM customers)::int AS c, (SELECT count(*) FROM orders)::int AS o',
    );
    expect(after.rows).toEqual(before.rows);
  });

  test('several statements in one are denied', async () => {
    const { data } = await payroll.mutate('agent.submit', sql('SELECT 1; UPDATE employees SET salary = 0'));
    expect(
      data.status === 'denied' || (await settled(payroll, data.actionId, ['denied'])).status === 'denied',
    ).toBe(true);
  });

  test('a row that changes between approval and execution rolls it back and holds it again with the difference', async () => {
    const { detail, actionId } = await submitHeld(
      payroll,
      sql('UPDATE employees SET salary = salary + 1 WHERE id = 11'),
    );
    await at.company.query('UPDATE employees SET salary = salary + 5000 WHERE id = 11');
    const { rows } = await at.company.query('SELECT salary FROM employees WHERE id = 11');
    await ana.mutate('review.decide', decision(detail, 'approve'));
    await at.until(actionId, 'held', 2);
    const again = await ana.query('review.get', { actionId });
    expect(again.data.drift.changes.length).toBeGreaterThan(0);
    expect(again.data.footprintDigest).not.toBe(detail.footprintDigest);
    expect((await at.company.query('SELECT salary FROM employees WHERE id = 11')).rows).toEqual(rows);
    const stale = await lee.mutate('review.decide', decision(detail, 'approve'));
    expect(stale.error?.code).toBe('digest_conflict');
    await ana.mutate('review.decide', decision(again.data, 'approve'));
    expect((await settled(payroll, actionId, ['succeeded'])).status).toBe('succeeded');
  });

  test('a value that depends on where the statement runs is not executed as something else than was shown', async () => {
    const before = await at.company.query('SELECT salary FROM employees WHERE id = 15');
    const { detail, actionId } = await submitHeld(
      payroll,
      sql(
        "UPDATE employees SET salary = salary + CASE WHEN current_setting('lock_timeout') = '200ms' THEN 1 ELSE 90000 END WHERE id = 15",
      ),
    );
    await ana.mutate('review.decide', decision(detail, 'approve'));
    await at.until(actionId, 'held', 2);
    expect((await at.company.query('SELECT salary FROM employees WHERE id = 15')).rows).toEqual(before.rows);
  });

  test('a statement that writes the hour of its run still runs as approved', async () => {
    const { detail, actionId } = await submitHeld(
      janitor,
      sql('UPDATE customers SET closed_on = current_date, updated_at = now() WHERE id = 9'),
    );
    for (const reviewer of [ana, lee].slice(0, detail.hold.needed)) {
      await reviewer.mutate('review.decide', decision(detail, 'approve'));
    }
    expect((await settled(janitor, actionId, ['succeeded'])).status).toBe('succeeded');
  });

  test('an agent-executed tool is claimed once with a release that verifies offline, and reported', async () => {
    const submitted = await payroll.mutate('agent.submit', {
      tool: 'send_email',
      args: { recipients: ['ana@larkfield.example'], subject: 'Hello', body: 'Month end is done.' },
    });
    expect(submitted.error).toBeNull();
    const { data: detail } = await ana.query('review.get', { actionId: submitted.data.actionId });
    const { actionId } = submitted.data;
    for (const reviewer of [ana, lee].slice(0, detail.hold.needed)) {
      expect((await reviewer.mutate('review.decide', decision(detail, 'approve'))).error).toBeNull();
    }
    const waited = await payroll.query('agent.wait', { actionId, waitSeconds: 10 });
    expect(waited.data.status).toBe('released');
    const claims = await Promise.all([1, 2, 3, 4].map(() => payroll.mutate('agent.claim', { actionId })));
    const won = claims.filter((c) => c.error === null);
    expect(won).toHaveLength(1);
    expect(claims.filter((c) => c.error?.code === 'release_already_claimed')).toHaveLength(3);
    const keys = createRemoteJWKSet(new URL(`${at.url}/.well-known/jwks.json`));
    const { payload } = await jwtVerify(won[0]?.data.release, keys);
    expect(payload).toMatchObject({
      digest: submitted.data.digest,
      action: actionId,
      jti: won[0]?.data.releaseId,
    });
    const reported = await payroll.mutate('agent.report', {
      actionId,
      releaseId: won[0]?.data.releaseId,
      outcome: 'succeeded',
      result: { id: 'm1' },
    });
    expect(reported.data.status).toBe('succeeded');
  });

  test('a workspace halt stops submissions, approvals and claims until it is lifted', async () => {
    const tomas = await at.person('tomas@larkfield.example');
    const { detail } = await submitHeld(
      payroll,
      sql('UPDATE employees SET salary = salary + 2 WHERE id = 12'),
    );
    const halt = await tomas.mutate('halt.engage', { scope: 'workspace', reason: 'Drill' });
    expect(halt.error).toBeNull();
    expect((await payroll.mutate('agent.submit', sql('SELECT id FROM departments'))).error?.code).toBe(
      'halted',
    );
    expect((await ana.mutate('review.decide', decision(detail, 'approve'))).error?.code).toBe('halted');
    const alone = await tomas.mutate('halt.lift', { haltId: halt.data.haltId, reason: 'Over' });
    expect(alone.error?.code).toBe('halt_lift_refused');
    const ingrid = await at.person('ingrid@larkfield.example');
    await ingrid.mutate('halt.lift', { haltId: halt.data.haltId, reason: 'Over' });
    expect((await ana.mutate('review.decide', decision(detail, 'approve'))).error).toBeNull();
  });

  test('the agent owner cannot vote, an auditor cannot decide, nobody signed out can read', async () => {
    const { detail } = await submitHeld(
      payroll,
      sql('UPDATE employees SET salary = salary + 3 WHERE id = 13'),
    );
    const [sam, ruth] = [await at.person('sam@larkfield.example'), await at.person('ruth@larkfield.example')];
    expect((await sam.mutate('review.decide', decision(detail, 'approve'))).error?.code).toBe(
      'excluded_from_voting',
    );
    expect((await ruth.mutate('review.decide', decision(detail, 'approve'))).error?.code).toBe(
      'not_entitled',
    );
    expect((await at.anybody().query('review.list', {})).error?.code).toBe('unauthenticated');
  });

  test('a reviewer without clearance never receives the values, whichever way they ask', async () => {
    const { detail, actionId } = await submitHeld(
      payroll,
      sql('UPDATE employees SET salary = 91827 WHERE id = 14'),
    );
    const { rows } = await at.company.query('SELECT salary::text AS s, email FROM employees WHERE id = 14');
    const mia = await at.person('mia@larkfield.example');
    const page = await mia.query('review.rows', { actionId, footprintDigest: detail.footprintDigest });
    expect(page.error).toBeNull();
    const text = JSON.stringify(page.data);
    expect(text).not.toContain(rows[0].s);
    expect(text).not.toContain(rows[0].email);
    expect(text).toContain('withheld');
    const seen = JSON.stringify(
      (await ana.query('review.rows', { actionId, footprintDigest: detail.footprintDigest })).data,
    );
    expect(seen).toContain(rows[0].s);
    expect(seen).toContain('91827');
  });
});
