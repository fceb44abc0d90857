import { createHmac, randomBytes } from 'node:crypto';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createSlackConnections } from '@/server/adapters/notify/slack-chat';
import type { AgentScope, ReviewerScope } from '@/server/domain/scopes';
import { cancelAction } from '@/server/operations/cancel-action';
import { decideAction } from '@/server/operations/decide-action';
import { deliverNotices } from '@/server/operations/deliver-notices';
import { listDeliveries, retryDelivery } from '@/server/operations/list-deliveries';
import { freshDatabase, type TestDatabase } from '@/server/testing/database';
import { send } from '@/server/testing/front';
import { startSlack } from '@/server/testing/slack-service';
import {
  accepted,
  createWorld,
  EFFECTS,
  plan,
  refusedAs,
  statusOf,
  type World,
} from '@/server/testing/world';
import { createHttpServer } from './front/http-server';
import { createSlackFront, SLACK_PATH } from './front/slack-front';

const SECRET = randomBytes(16).toString('hex');

let fresh: TestDatabase;
let world: World;
let slack: Awaited<ReturnType<typeof startSlack>>;
let connections: ReturnType<typeof createSlackConnections>;
let server: Server;
let url: string;
let agent: AgentScope;
let ana: ReviewerScope;
const users: Parameters<typeof startSlack>[0] = {};

beforeAll(async () => {
  fresh = await freshDatabase();
  world = await createWorld(fresh.url);
  await world.tool('pages.write', { effects: EFFECTS.held });
  await world.tool('mail.send', { effects: EFFECTS.heldForTwo });
  agent = await world.agent('writer <!channel>');
  ana = await world.person('Ana');
  const auditor = await world.person('Aud', { roles: ['auditor'] });
  Object.assign(users, {
    UANA: { email: ana.email.toUpperCase() },
    UAUD: { email: auditor.email },
    UOWNER: {
      email: (await fresh.pool.query('SELECT email FROM person WHERE id = $1', [agent.ownerId])).rows[0]
        .email,
    },
    UNEW: { email: ana.email, confirmed: false },
    UGONE: { email: ana.email, deleted: true },
    USTRANGER: { email: 'eve@elsewhere.example' },
  });
  slack = await startSlack(users);
  const { rows } = await fresh.pool.query('SELECT name FROM workspace WHERE id = $1', [world.workspaceId]);
  connections = createSlackConnections(
    JSON.stringify([
      {
        workspace: rows[0].name,
        botToken: 'xoxb-test',
        signingSecret: SECRET,
        apiUrl: slack.apiUrl,
        routes: [
          { channel: 'C_ALL' },
          { channel: 'C_MAIL', tools: ['mail.send'] },
          { channel: 'C_NONE', targets: ['hr'] },
        ],
      },
    ]),
  );
  const front = createSlackFront({ world: world.deps, connections });
  server = createHttpServer((request, response) =>
    front(request, response).catch(() => void response.writeHead(500).end()),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${SLACK_PATH}`;
});
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  await slack.close();
  await world.close();
  await fresh.drop();
});

const channels = () => ({ mail: null, push: null, chats: connections.map(({ chat }) => chat), hooks: [] });
async function deliverAll(): Promise<void> {
  while ((await deliverNotices(world.deps, channels())) > 0);
}
let calls = 0;
const held = (tool = 'pages.write') =>
  plan(
    world,
    agent,
    tool,
    tool === 'mail.send' ? { recipients: ['a@b.example'], body: `${calls++}` } : { path: `page ${calls++}` },
  );
beforeEach(async () => {
  await deliverAll();
  slack.calls.length = 0;
});

describe('what a channel is told', () => {
  test('goes where the routes say, names the action, links to it and holds none of its data', async () => {
    const { actionId } = await held('mail.send');
    await deliverAll();
    const posted = slack.of('chat.postMessage');
    expect(posted.map((c) => c.args.channel).sort()).toEqual(['C_ALL', 'C_MAIL']);
    expect(posted[0]?.token).toBe('Bearer xoxb-test');
    const said = JSON.stringify(posted);
    expect(said).not.toContain('a@b.example');
    // Nothing an agent is called can call a whole channel.
    expect(said).toContain('writer &lt;!channel&gt;');
    expect(said).not.toContain('<!channel>');
    expect(said).toMatch(/\/r\/[\w-]{43}/);
    expect(said).toContain(actionId);
  });

  test('is kept up to date with what becomes of it, and has no buttons once nothing is left to decide', async () => {
    const rejected = await held();
    const withdrawn = await held();
    await deliverAll();
    accepted(await decideAction(world.deps, ana, { ...rejected, decision: 'reject', note: 'no' }));
    accepted(await cancelAction(world.deps, agent, { actionId: withdrawn.actionId }));
    await deliverAll();
    const updates = slack.of('chat.update').map((c) => c.args.blocks ?? '');
    expect(updates).toHaveLength(2);
    expect(updates.join()).toContain('Rejected');
    expect(updates.join()).toContain('Withdrawn by the agent');
    expect(updates.join()).not.toContain('holdpoint_reject');
    expect(slack.of('chat.postMessage')).toHaveLength(2);
  });

  test('is told in order and once, however busy Slack is: it is waited for as long as it asks, and that is no failure', async () => {
    slack.beBusy(30);
    const action = await held();
    await deliverAll();
    const { rows } = await fresh.pool.query(
      `SELECT attempts, failed_at, next_attempt_at - now() > interval '25 seconds' AS later FROM outbox WHERE action_id = $1 AND channel = 'slack'`,
      [action.actionId],
    );
    expect(rows).toEqual([{ attempts: 0, failed_at: null, later: true }]);
    accepted(await decideAction(world.deps, ana, { ...action, decision: 'reject', note: 'no' }));
    slack.beBusy(null);
    await deliverAll();
    // What it became must not overtake that it was held.
    expect(slack.of('chat.update')).toHaveLength(0);
    await fresh.pool.query(`UPDATE outbox SET next_attempt_at = now() WHERE action_id = $1`, [
      action.actionId,
    ]);
    await deliverAll();
    // It is over: nothing is posted about it any more.
    expect(slack.of('chat.postMessage').filter((c) => c.args.blocks?.includes(action.actionId))).toHaveLength(
      1,
    );
  });

  test('what Slack refuses is tried again and then kept as a dead letter, and holds up no other channel', async () => {
    slack.failWith('not_in_channel');
    const { actionId } = await held('mail.send');
    await deliverAll();
    slack.failWith(null);
    await fresh.pool.query(
      `UPDATE outbox SET attempts = 6, next_attempt_at = now() WHERE action_id = $1 AND recipient = 'C_ALL'`,
      [actionId],
    );
    slack.failWith('not_in_channel');
    await deliverAll();
    slack.failWith(null);
    await fresh.pool.query(
      `UPDATE outbox SET next_attempt_at = now() WHERE action_id = $1 AND recipient = 'C_MAIL'`,
      [actionId],
    );
    await deliverAll();
    const { rows } = await fresh.pool.query(
      `SELECT recipient, delivered_at IS NOT NULL AS delivered, failed_at IS NOT NULL AS dead, last_error FROM outbox
       WHERE action_id = $1 AND channel = 'slack' ORDER BY recipient`,
      [actionId],
    );
    expect(rows).toMatchObject([
      { recipient: 'C_ALL', delivered: false, dead: true },
      { recipient: 'C_MAIL', delivered: true, dead: false },
    ]);
    expect(rows[0].last_error).toContain('not_in_channel');

    const lead = await world.person('Lead', { roles: ['security_lead'] });
    const [first] = accepted(await listDeliveries(world.deps, lead));
    expect(first).toMatchObject({ state: 'failed', recipient: 'C_ALL', actionId, topic: 'action.held' });
    const deliveryId = first?.deliveryId ?? '';
    const elsewhere = await createWorld(fresh.url);
    const stranger = await elsewhere.person('Stranger', { roles: ['owner'] });
    expect(accepted(await listDeliveries(world.deps, stranger))).toEqual([]);
    expect(refusedAs(await retryDelivery(world.deps, stranger, { deliveryId }))).toBe('delivery_unknown');
    await elsewhere.close();
    const tries = await Promise.all([1, 2].map(() => retryDelivery(world.deps, lead, { deliveryId })));
    expect(tries.filter((t) => t.ok)).toHaveLength(1);
    await deliverAll();
    const after = accepted(await listDeliveries(world.deps, lead)).find((d) => d.deliveryId === deliveryId);
    expect(after).toMatchObject({ state: 'delivered', attempts: 1 });
  });
});

type Signing = { secret?: string; at?: number; signature?: string };
function interact(payload: unknown, { secret = SECRET, at = Date.now() / 1_000, signature }: Signing = {}) {
  const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
  const timestamp = String(Math.floor(at));
  const signed = `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')}`;
  return send(url, {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': signature ?? signed,
    },
  });
}
type Action = Awaited<ReturnType<typeof held>>;
const meant = ({ actionId, digest, footprintDigest }: Action) =>
  JSON.stringify({ actionId, digest, footprintDigest });
const clickOf = (user: string, action: Action) => ({
  type: 'block_actions',
  user: { id: user },
  trigger_id: `t${randomBytes(4).toString('hex')}`,
  channel: { id: 'C_ALL' },
  message: { text: 'Held' },
  actions: [{ action_id: 'holdpoint_reject', value: meant(action) }],
});
const reasonOf = (user: string, action: Action, why: string | null = 'Not this month.') => ({
  type: 'view_submission',
  user: { id: user },
  nonce: randomBytes(4).toString('hex'),
  view: {
    callback_id: 'holdpoint_why',
    private_metadata: meant(action),
    state: { values: { holdpoint_why: { holdpoint_why: { type: 'plain_text_input', value: why } } } },
  },
});

describe('what is clicked in a channel', () => {
  test('a rejection is asked for its reason, then rejects exactly what the message showed, on record as said in Slack', async () => {
    const action = await held();
    expect((await interact(clickOf('UANA', action))).status).toBe(200);
    expect(JSON.parse(slack.of('views.open')[0]?.args.view ?? '{}').private_metadata).toBe(meant(action));
    expect(await statusOf(world.deps, action.actionId)).toBe('held');
    const answer = await interact(reasonOf('UANA', action));
    expect(JSON.parse(answer.text)).toEqual({ response_action: 'clear' });
    expect(await statusOf(world.deps, action.actionId)).toBe('rejected');
    const { rows } = await fresh.pool.query(
      `SELECT actor_id, data FROM audit_event WHERE action_id = $1 AND kind = 'action.decided'`,
      [action.actionId],
    );
    expect(rows).toMatchObject([{ actor_id: ana.personId, data: { via: 'slack', note: 'Not this month.' } }]);
  });

  test('who Slack does not vouch for, whom nobody knows here, and who may not decide, decide nothing', async () => {
    const action = await held();
    for (const user of ['UNEW', 'UGONE', 'USTRANGER', 'UNOBODY', 'UAUD', 'UOWNER']) {
      expect((await interact(clickOf(user, action))).status).toBe(200);
      const answer = await interact(reasonOf(user, action));
      expect(JSON.parse(answer.text).response_action, user).toBe('errors');
    }
    expect(await statusOf(world.deps, action.actionId)).toBe('held');
    expect(slack.of('chat.postEphemeral').map((c) => c.args.user)).toEqual([
      'UNEW',
      'UGONE',
      'USTRANGER',
      'UNOBODY',
    ]);
  });

  test('the same signed request is acted upon once, also by two at the same time', async () => {
    const action = await held();
    const at = Date.now() / 1_000;
    const click = clickOf('UANA', action);
    const statuses = await Promise.all([1, 2, 3].map(async () => (await interact(click, { at })).status));
    expect(statuses.sort()).toEqual([200, 409, 409]);
    expect(slack.of('views.open')).toHaveLength(1);
  });

  test('an action that was decided or measured anew meanwhile is not rejected by an old button', async () => {
    const action = await held();
    const stale = { ...action, footprintDigest: `sha256:${'0'.repeat(64)}` };
    expect(JSON.parse((await interact(reasonOf('UANA', stale))).text).response_action).toBe('errors');
    expect(await statusOf(world.deps, action.actionId)).toBe('held');
    accepted(await decideAction(world.deps, ana, { ...action, decision: 'send_back', note: 'smaller' }));
    expect(JSON.parse((await interact(reasonOf('UANA', action))).text).response_action).toBe('errors');
    expect(await statusOf(world.deps, action.actionId)).toBe('sent_back');
  });

  test('what the browser could not have sent is refused in the window, and nothing fails', async () => {
    const action = await held();
    for (const note of ['a\u0000b', 'a\ud800b', 'x'.repeat(4_001)]) {
      const answer = await interact(reasonOf('UANA', action, note));
      expect([answer.status, JSON.parse(answer.text).response_action]).toEqual([200, 'errors']);
    }
    const odd = { ...action, actionId: 'act_\u0000' };
    expect(JSON.parse((await interact(reasonOf('UANA', odd))).text).response_action).toBe('errors');
    expect(await statusOf(world.deps, action.actionId)).toBe('held');
  });

  test('there is no approving: a made-up button or window does nothing', async () => {
    const action = await held();
    const approve = {
      ...clickOf('UANA', action),
      actions: [{ action_id: 'holdpoint_approve', value: meant(action) }],
    };
    const extra = reasonOf('UANA', action);
    extra.view.private_metadata = JSON.stringify({ ...JSON.parse(meant(action)), decision: 'approve' });
    await interact(approve);
    expect(JSON.parse((await interact(extra)).text).response_action).toBe('errors');
    for (const odd of [null, 'x', [], { type: 'shortcut' }, { type: 'view_submission' }])
      expect((await interact(odd)).status).toBe(200);
    expect(await statusOf(world.deps, action.actionId)).toBe('held');
  });

  test('what Slack did not sign, or not just now, is refused before it is read', async () => {
    const action = await held();
    const payload = reasonOf('UANA', action);
    const now = Date.now() / 1_000;
    for (const signing of [
      { secret: 'another secret entirely' },
      { at: now - 301 },
      { at: now + 301 },
      { signature: '' },
      { signature: `v0=${'0'.repeat(64)}` },
      { signature: 'v1=' },
    ])
      expect((await interact(payload, signing)).status).toBe(401);
    expect((await send(url)).status).toBe(405);
    expect((await send(url, { method: 'POST', body: 'x'.repeat(300_000) })).status).toBe(413);
    expect(await statusOf(world.deps, action.actionId)).toBe('held');
  });
});
