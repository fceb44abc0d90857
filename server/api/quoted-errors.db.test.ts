import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Caller, type Installation, startInstallation } from '@/server/testing/installation';

let at: Installation;
let payroll: Caller;
let ana: Caller;
let lee: Caller;
let mia: Caller;
let ruth: Caller;
beforeAll(async () => {
  at = await startInstallation();
  payroll = at.agent('payroll-assistant');
  [ana, lee, mia, ruth] = await Promise.all([
    at.person('ana@larkfield.example'),
    at.person('lee@larkfield.example'),
    at.person('mia@larkfield.example'),
    at.person('ruth@larkfield.example'),
  ]);
}, 120_000);
afterAll(() => at?.close());

const nameOf = async (id: number): Promise<string> =>
  (await at.company.query('SELECT full_name FROM employees WHERE id = $1', [id])).rows[0].full_name;

async function held(statement: string): Promise<string> {
  const { data, error } = await payroll.mutate('agent.submit', { tool: 'company.sql', args: { statement } });
  expect(error).toBeNull();
  await at.until(data.actionId, 'held');
  return data.actionId;
}

/** Everything the API tells this person about one action. */
async function told(person: Caller, actionId: string): Promise<string> {
  const { data: detail } = await person.query('review.get', { actionId });
  const answers = [
    detail,
    (await person.query('review.list', { limit: 100 })).data,
    (await person.query('audit.list', { actionId })).data,
    (await person.query('audit.list', {})).data,
    (await person.query('review.rows', { actionId, footprintDigest: detail.footprintDigest })).data,
  ];
  return JSON.stringify(answers);
}

async function approve(actionId: string): Promise<void> {
  const { data: detail } = await ana.query('review.get', { actionId });
  const { digest, footprintDigest } = detail;
  for (const person of [ana, lee].slice(0, detail.hold.needed)) {
    const decision = { actionId, digest, footprintDigest, decision: 'approve' };
    expect((await person.mutate('review.decide', decision)).error).toBeNull();
  }
}

describe('P10: what the database says about a statement may quote values', () => {
  test('a failed rehearsal is told in its own words only to people who may see all the statement touches', async () => {
    const name = await nameOf(31);
    const actionId = await held(
      'UPDATE departments SET cost_centre = (SELECT full_name FROM employees WHERE id = 31)::int::text WHERE id = 1',
    );
    for (const person of [mia, ruth]) {
      const text = await told(person, actionId);
      expect(text).not.toContain(name);
      expect(text).toContain('a text is not a value of the type it is used as');
      expect(text).toContain('22P02');
    }
    const { data: detail } = await ana.query('review.get', { actionId });
    expect(JSON.stringify(detail.footprint.unknowns)).toContain(name);
    // Not in what is made of it: rules and sentences are for everybody.
    expect(JSON.stringify([detail.rules, detail.sentence, detail.blastRadius])).not.toContain(name);
  });

  test('a failed execution likewise: on the page, in its history and in the log; its agent gets the words', async () => {
    const name = await nameOf(32);
    const actionId = await held(
      "UPDATE employees SET job_title = CASE WHEN home_city = 'Atlantis' THEN full_name::int::text ELSE job_title END WHERE id = 32",
    );
    await at.company.query("UPDATE employees SET home_city = 'Atlantis' WHERE id = 32");
    await approve(actionId);
    await at.until(actionId, 'failed');
    for (const person of [mia, ruth]) {
      const text = await told(person, actionId);
      expect(text).not.toContain(name);
      expect(text).toContain('22P02');
    }
    const { data: detail } = await ana.query('review.get', { actionId });
    expect(detail.outcome.error.message).toContain(name);
    expect(JSON.stringify((await ana.query('audit.list', { actionId })).data)).not.toContain(name);
    const { data: view } = await payroll.query('agent.get', { actionId });
    expect(view.result.error).toEqual({ code: '22P02', message: expect.stringContaining(name) });
  });
});
