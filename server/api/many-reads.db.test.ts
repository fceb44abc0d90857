import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Caller, type Installation, startInstallation } from '@/server/testing/installation';

let at: Installation;
let support: Caller;
let ana: Caller;
beforeAll(async () => {
  at = await startInstallation();
  support = at.agent('support-assistant');
  ana = await at.person('ana@larkfield.example');
}, 120_000);
afterAll(() => at?.close());

const readTwenty = async (runId: string, from: number) => {
  const args = {
    statement: 'SELECT id, contact_name FROM customers ORDER BY id OFFSET $1 LIMIT 20',
    params: [from],
  };
  const { data, error } = await support.mutate('agent.submit', { tool: 'company.sql', args, runId });
  expect(error).toBeNull();
  return data.actionId as string;
};

test('customers are read twenty at a time until it would be more than two hundred: then a person is asked, and sees how many it is by now', async () => {
  const { data: run } = await support.mutate('agent.startRun', { goal: 'Look up some customers' });
  for (let i = 0; i < 10; i += 1) {
    const actionId = await readTwenty(run.runId, i * 20);
    const waited = await support.query('agent.wait', { actionId, waitSeconds: 20 });
    expect(waited.data.status, `read ${i + 1}`).toBe('succeeded');
  }
  // Everybody again is nobody new.
  const again = await readTwenty(run.runId, 100);
  expect((await support.query('agent.wait', { actionId: again, waitSeconds: 20 })).data.status).toBe(
    'succeeded',
  );

  const held = await readTwenty(run.runId, 200);
  await at.until(held, 'held');
  const { data: page } = await ana.query('review.get', { actionId: held });
  expect(page.rules.map((r: { id: string }) => r.id)).toContain('many-people-over-time');
  expect(page.rules.find((r: { id: string }) => r.id === 'many-people-over-time').because).toContain(
    '220 people',
  );
  expect(page.footprint.exposure).toMatchObject({
    audience: 1,
    subjects: 20,
    runSubjects: 220,
    agentSubjects: 220,
  });
  expect(page.blastRadius).toMatchObject({ people: 20, peopleOfRun: 220 });

  const { data: other } = await support.mutate('agent.startRun', { goal: 'Look up one more' });
  const small = await readTwenty(other.runId, 0);
  expect((await support.query('agent.wait', { actionId: small, waitSeconds: 20 })).data.status).toBe(
    'succeeded',
  );
});
