import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ReviewerScope } from '@/server/domain/scopes';
import { freshDatabase, type TestDatabase } from '@/server/testing/database';
import { createSoftKey, type SoftKey } from '@/server/testing/soft-key';
import {
  accepted,
  createWorld,
  EFFECTS,
  plan,
  refusedAs,
  statusOf,
  type World,
} from '@/server/testing/world';
import { claimRelease } from './claim-release';
import { decideAction } from './decide-action';
import { addPasskey, beginPasskey, listOwnPasskeys, removePasskey } from './passkeys';
import { askPresence } from './prove-presence';

let fresh: TestDatabase;
let world: World;
let ana: ReviewerScope;
let ben: ReviewerScope;
let key: SoftKey;
const limits = { admit: async () => null, forgive: async () => undefined };
const passwords = {
  hash: async (p: string) => p,
  verify: async (stored: string | null, p: string) => stored === p,
};
const deps = () => ({ ...world.deps, passwords, signInLimits: limits });
beforeAll(async () => {
  fresh = await freshDatabase();
  world = await createWorld(fresh.url);
  [ana, ben] = [await world.person('Ana'), await world.person('Ben')];
  await fresh.pool.query("UPDATE person SET password_hash = 'secret words'");
  await world.tool('pages.write', { effects: EFFECTS.held });
  key = createSoftKey('https://holdpoint.test');
  await register(ana, key);
});
afterAll(async () => {
  await world.close();
  await fresh.drop();
});

type Options = { challenge: string };
async function register(who: ReviewerScope, softKey: SoftKey) {
  const { options } = accepted(await beginPasskey(deps(), who, { password: 'secret words' }));
  const response = softKey.register((options as Options).challenge);
  return accepted(await addPasskey(deps(), who, { name: 'Laptop', response }));
}
let n = 0;
async function held() {
  n += 1;
  const agent = await world.agent(`agent ${n}`);
  const { actionId, digest, footprintDigest } = await plan(world, agent, 'pages.write', { path: `/${n}` });
  await fresh.pool.query(
    `UPDATE planned_action SET obligation = obligation || '{"presence": "passkey"}' WHERE id = $1`,
    [actionId],
  );
  return { agent, of: { actionId, digest, footprintDigest } };
}
type Of = Awaited<ReturnType<typeof held>>['of'];
const ask = async (who: ReviewerScope, of: Of, decision: 'approve' | 'reject' = 'approve') =>
  (accepted(await askPresence(world.deps, who, { ...of, decision })).options as Options).challenge;
const approve = (who: ReviewerScope, of: Of, presence?: unknown) =>
  decideAction(world.deps, who, {
    ...of,
    decision: 'approve',
    ...(presence === undefined ? {} : { presence }),
  });

test('an approval signed for exactly this by one’s own passkey counts, is kept, and the claim counts it again', async () => {
  const { agent, of } = await held();
  expect(refusedAs(await approve(ana, of))).toBe('presence_required');
  expect(await statusOf(world.deps, of.actionId)).toBe('held');
  accepted(await approve(ana, of, key.sign(await ask(ana, of))));
  const { rows } = await fresh.pool.query('SELECT presence FROM decision WHERE action_id = $1', [
    of.actionId,
  ]);
  expect(rows[0].presence).toMatchObject({ passkeyId: key.id, nonce: expect.any(String) });
  accepted(await claimRelease(world.deps, agent, of));
});

test('an answer is worth nothing for another action, answer, person or time, nor twice, nor from another key or page', async () => {
  const [one, two] = [(await held()).of, (await held()).of];
  const forOne = key.sign(await ask(ana, one));
  expect(refusedAs(await approve(ana, two, forOne))).toBe('presence_failed');
  const toReject = key.sign(await ask(ana, one, 'reject'));
  expect(refusedAs(await approve(ana, one, toReject))).toBe('presence_failed');
  expect(refusedAs(await approve(ben, one, key.sign(await ask(ana, one))))).toBe('presence_failed');
  const stranger = createSoftKey('https://holdpoint.test');
  expect(refusedAs(await approve(ana, one, stranger.sign(await ask(ana, one))))).toBe('presence_failed');
  const phished = key.sign(await ask(ana, one), { origin: 'https://holdpoint.evil' });
  expect(refusedAs(await approve(ana, one, phished))).toBe('presence_failed');
  const unverified = key.sign(await ask(ana, one), { verified: false });
  expect(refusedAs(await approve(ana, one, unverified))).toBe('presence_failed');
  const late = key.sign(await ask(ana, one));
  await fresh.pool.query("UPDATE presence_challenge SET expires_at = now() - interval '1 s'");
  expect(refusedAs(await approve(ana, one, late))).toBe('presence_failed');
  for (const nonsense of [{}, { id: key.id }, 'yes', { response: { clientDataJSON: 'e30' } }]) {
    expect(refusedAs(await approve(ana, one, nonsense))).toBe('presence_required');
  }
  const good = key.sign(await ask(ana, one));
  const both = await Promise.all([approve(ana, one, good), approve(ana, one, good)]);
  expect(both.filter((o) => o.ok)).toHaveLength(1);
  expect(await statusOf(world.deps, two.actionId)).toBe('held');
});

test('a vote without a proof releases nothing where one is asked for, whatever the tables say', async () => {
  const { agent, of } = await held();
  await fresh.pool.query(
    `INSERT INTO decision (id, workspace_id, action_id, person_id, round, digest, footprint_digest, decision)
     SELECT 'dec_plain', workspace_id, id, $2, round, digest, footprint_digest, 'approve' FROM planned_action WHERE id = $1`,
    [of.actionId, ana.personId],
  );
  await fresh.pool.query("UPDATE planned_action SET status = 'released' WHERE id = $1", [of.actionId]);
  await fresh.pool.query(
    `INSERT INTO release (id, workspace_id, action_id, digest, footprint_digest, basis, expires_at)
     SELECT 'rel_plain', workspace_id, id, digest, footprint_digest, 'quorum', now() + interval '1 hour' FROM planned_action WHERE id = $1`,
    [of.actionId],
  );
  expect(refusedAs(await claimRelease(world.deps, agent, of))).toBe('not_released');
});

test('rejecting asks for nothing', async () => {
  const { of } = await held();
  accepted(await decideAction(world.deps, ben, { ...of, decision: 'reject', note: 'no' }));
});

test('registering and removing ask for the password; without a passkey it says where to get one', async () => {
  expect(refusedAs(await beginPasskey(deps(), ben, { password: 'wrong' }))).toBe('input_invalid');
  const { of } = await held();
  expect(await askPresence(world.deps, ben, { ...of, decision: 'approve' })).toMatchObject({
    code: 'passkey_unknown',
    message: expect.stringContaining('account page'),
  });
  const other = createSoftKey('https://holdpoint.test');
  const { passkeyId } = await register(ben, other);
  expect(refusedAs(await removePasskey(deps(), ana, { passkeyId, password: 'secret words' }))).toBe(
    'passkey_unknown',
  );
  expect(refusedAs(await removePasskey(deps(), ben, { passkeyId, password: 'wrong' }))).toBe('input_invalid');
  accepted(await removePasskey(deps(), ben, { passkeyId, password: 'secret words' }));
  expect(await listOwnPasskeys(world.deps, ben)).toEqual([]);
  const { options } = accepted(await beginPasskey(deps(), ben, { password: 'secret words' }));
  const made = other.register((options as Options).challenge);
  expect(refusedAs(await addPasskey(deps(), ana, { name: 'Mine', response: made }))).toBe('presence_failed');
  expect(refusedAs(await addPasskey(deps(), ben, { name: 'Mine', response: { id: 'x' } }))).toBe(
    'presence_failed',
  );
});
