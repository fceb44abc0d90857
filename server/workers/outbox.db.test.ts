import { randomBytes } from 'node:crypto';
import PostalMime from 'postal-mime';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createMailMessenger } from '@/server/adapters/notify/mail-messenger';
import { hashLinkToken } from '@/server/domain/link-token';
import { deliverNotices } from '@/server/operations/deliver-notices';
import type { Deps } from '@/server/operations/deps';
import { type Database, inTransaction, openDatabase } from '@/server/store/database';
import { reviveDelivery } from '@/server/store/deliveries';
import { fanOut, markDelivered, takeNotices } from '@/server/store/outbox-queue';
import { freshDatabase } from '@/server/testing/database';

let db: Database;
let drop: () => Promise<void>;
let smtp: SMTPServer;
let port: number;
let refusing = false;
const received: { to: string; subject: string; text: string }[] = [];
let now = new Date('2026-11-25T10:00:00Z');
const deps = () => ({ db, url: 'https://holdpoint.example', clock: { now: () => now } }) as unknown as Deps;

beforeAll(async () => {
  const fresh = await freshDatabase({ template: 'holdpoint' });
  drop = () => fresh.drop();
  db = openDatabase(fresh.url);
  smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', async () => {
        if (refusing) return done(Object.assign(new Error('mailbox busy'), { responseCode: 451 }));
        const mail = await PostalMime.parse(Buffer.concat(chunks));
        const to = session.envelope.rcptTo.map((r) => r.address).join();
        received.push({ to, subject: mail.subject ?? '', text: mail.text ?? '' });
        done();
      });
    },
  });
  await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', resolve));
  port = (smtp.server.address() as { port: number }).port;
  await db.pool.query(`INSERT INTO workspace (id, name) VALUES ('ws', 'W')`);
  await db.pool.query(`INSERT INTO person (id, workspace_id, email, name, roles) VALUES
    ('own', 'ws', 'own@example.com', 'Owner of the agent', '{owner}'), ('ana', 'ws', 'ana@example.com', 'Ana', '{reviewer}'),
    ('aud', 'ws', 'aud@example.com', 'Auditor', '{auditor}')`);
  await db.pool.query(
    `INSERT INTO agent (id, workspace_id, name, owner_id) VALUES ('agt', 'ws', 'payroll', 'own')`,
  );
  await db.pool.query(`INSERT INTO tool (id, workspace_id, name, kind, execution, input_schema, definition_hash)
    VALUES ('tol', 'ws', 't', 'custom', 'agent', '{}', 'h')`);
});
afterAll(async () => {
  await new Promise<void>((resolve) => smtp.close(() => resolve()));
  await db.close();
  await drop();
});

async function heldAction(status = 'held'): Promise<string> {
  const id = `act_${randomBytes(8).toString('hex')}`;
  await db.pool.query(
    `INSERT INTO planned_action (id, workspace_id, agent_id, key_id, tool_id, tool_name, tool_hash, execution, args, digest, status, sentence, level, owner_id)
     VALUES ($1, 'ws', 'agt', 'k', 'tol', 't', 'h', 'agent', '{"salary": "90210"}', $1, $2, 'Update 3 rows in employees.', 'moderate', 'own')`,
    [id, status],
  );
  await db.pool.query(
    `INSERT INTO outbox (workspace_id, topic, action_id, payload) VALUES ('ws', 'action.held', $1, '{}')`,
    [id],
  );
  return id;
}
const channels = () => ({
  mail: createMailMessenger(`smtp://127.0.0.1:${port}`, 'Holdpoint <holdpoint@example.com>'),
  chats: [],
  hooks: [],
  push: null,
});
/** Until nothing is due: the notice first becomes one delivery for each recipient. */
async function deliverAll(): Promise<number> {
  let handled = 0;
  for (let n = 1; n > 0; handled += n) n = await deliverNotices(deps(), channels());
  return handled;
}

test('a held action is told to those who may decide it, with the sentence and a link and none of its data', async () => {
  received.length = 0;
  const id = await heldAction();
  expect(await deliverAll()).toBe(2);
  expect(received.map((m) => m.to)).toEqual(['ana@example.com']);
  expect(received[0]?.subject).toContain('Update 3 rows in employees.');
  const code = /https:\/\/holdpoint\.example\/r\/([\w-]{43})\n/.exec(received[0]?.text ?? '')?.[1] ?? '';
  const { rows } = await db.pool.query('SELECT * FROM review_link WHERE action_id = $1', [id]);
  expect(rows).toMatchObject([{ person_id: 'ana', code_hash: hashLinkToken(code) }]);
  expect(JSON.stringify(rows)).not.toContain(code);
  expect(received[0]?.text).not.toContain('90210');
  expect(await deliverAll()).toBe(0);
});

test('two processes deliver a notice once', async () => {
  received.length = 0;
  await heldAction();
  await Promise.all([deliverAll(), deliverAll()]);
  await deliverAll();
  expect(received).toHaveLength(1);
});

test('a notice of something already decided is not sent', async () => {
  received.length = 0;
  await heldAction('rejected');
  expect(await deliverAll()).toBe(1);
  expect(received).toEqual([]);
});

test('a refused message waits and is tried again; after the last attempt it stays as a dead letter with its error', async () => {
  received.length = 0;
  refusing = true;
  const id = await heldAction();
  await deliverAll();
  const state = () =>
    db.pool
      .query(
        `SELECT attempts, delivered_at, failed_at, last_error, next_attempt_at > now() AS later FROM outbox WHERE action_id = $1 AND channel = 'mail'`,
        [id],
      )
      .then((r) => r.rows[0]);
  expect(await state()).toMatchObject({ attempts: 1, delivered_at: null, failed_at: null, later: true });
  await db.pool.query(
    `UPDATE outbox SET attempts = 6, next_attempt_at = now() WHERE action_id = $1 AND channel = 'mail'`,
    [id],
  );
  await deliverAll();
  const dead = await state();
  expect(dead.failed_at).not.toBeNull();
  expect(dead.last_error).toContain('busy');
  refusing = false;
  await db.pool.query(
    `UPDATE outbox SET attempts = 0, failed_at = NULL, next_attempt_at = now() WHERE action_id = $1 AND channel = 'mail'`,
    [id],
  );
  await deliverAll();
  expect(received).toHaveLength(1);
});

const choose = (fromLevel: string | null, hours: string | null) =>
  db.pool.query(
    `INSERT INTO mail_choice (person_id, workspace_id, from_level, hours) VALUES ('ana', 'ws', $1, $2)
     ON CONFLICT (person_id) DO UPDATE SET from_level = $1, hours = $2`,
    [fromLevel, hours],
  );

test('nobody is mailed what they chose not to get, whenever they chose', async () => {
  received.length = 0;
  await choose('high', null);
  await heldAction();
  await deliverAll();
  await choose('moderate', null);
  await heldAction();
  await deliverNotices(deps(), channels());
  await choose(null, null);
  await deliverAll();
  expect(received).toEqual([]);
  await choose('moderate', null);
  await heldAction();
  await deliverAll();
  expect(received).toHaveLength(1);
});

test('what comes outside somebody’s hours waits for them, and is mailed then if it still waits for a decision', async () => {
  received.length = 0;
  await choose('low', 'Mon-Fri 08:00-18:00 Europe/Berlin');
  now = new Date('2026-11-27T20:00:00Z');
  const [kept, decided] = [await heldAction(), await heldAction()];
  await deliverAll();
  expect(received).toEqual([]);
  const { rows } = await db.pool.query(
    `SELECT attempts, failed_at, next_attempt_at > now() + interval '58 hours' AS monday FROM outbox WHERE channel = 'mail' AND action_id = ANY($1)`,
    [[kept, decided]],
  );
  expect(rows).toEqual(Array(2).fill({ attempts: 0, failed_at: null, monday: true }));
  await db.pool.query(`UPDATE planned_action SET status = 'rejected' WHERE id = $1`, [decided]);
  await db.pool.query(
    'UPDATE outbox SET next_attempt_at = now() WHERE delivered_at IS NULL AND failed_at IS NULL',
  );
  now = new Date('2026-11-30T07:00:00Z');
  await deliverAll();
  expect(received).toHaveLength(1);
});

test('a halt is mailed at any hour, to whoever decides', async () => {
  received.length = 0;
  await choose(null, 'Mon-Fri 08:00-18:00 Europe/Berlin');
  now = new Date('2026-11-28T20:00:00Z');
  await db.pool.query(
    `INSERT INTO outbox (workspace_id, topic, payload) VALUES ('ws', 'halt.engaged', '{"subject": "the workspace"}')`,
  );
  await deliverAll();
  expect(received.map((m) => m.to)).toContain('ana@example.com');
});

test('of one action only the first notice becomes deliveries at a time, whoever else is at work', async () => {
  await deliverAll();
  const id = await heldAction();
  await db.pool.query(
    `INSERT INTO outbox (workspace_id, topic, action_id, payload) VALUES ('ws', 'action.decided', $1, '{}')`,
    [id],
  );
  const [first, ...more] = await takeNotices(db, 10, 60);
  expect([first?.topic, more]).toEqual(['action.held', []]);
  expect(await takeNotices(db, 10, 60)).toEqual([]);
  await fanOut(db, first?.id ?? '', [], null);
  expect((await takeNotices(db, 10, 60)).map((n) => n.topic)).toEqual(['action.decided']);
});

test('who wants mails together gets one about all that waits, when it is due, and what is critical at once', async () => {
  received.length = 0;
  await deliverAll();
  now = new Date('2026-12-01T10:20:00Z');
  await db.pool.query(`UPDATE planned_action SET status = 'rejected' WHERE status = 'held'`);
  await choose('low', null);
  await db.pool.query(`UPDATE mail_choice SET digest = 'hourly'`);
  const [first, second, over, grave] = [
    await heldAction(),
    await heldAction(),
    await heldAction(),
    await heldAction(),
  ];
  await db.pool.query(`UPDATE planned_action SET level = 'critical' WHERE id = $1`, [grave]);
  await deliverAll();
  expect(received.map((mail) => mail.text.includes(grave ?? '') || mail.subject)).toHaveLength(1);
  received.length = 0;
  const { rows } = await db.pool.query(
    `SELECT recipient, payload ->> 'asked' AS asked, next_attempt_at > now() + interval '39 minutes' AS later FROM outbox WHERE topic = 'digest' AND delivered_at IS NULL`,
  );
  expect(rows).toEqual([{ recipient: 'ana', asked: '3', later: true }]);
  await db.pool.query(`UPDATE planned_action SET status = 'rejected' WHERE id = ANY ($1)`, [[over, grave]]);
  const due = () => db.pool.query(`UPDATE outbox SET next_attempt_at = now() WHERE topic = 'digest'`);
  await due();
  await deliverAll();
  const [mail, ...more] = received;
  expect(more).toEqual([]);
  for (const id of [first, second]) expect(mail?.text).toContain(`https://holdpoint.example/actions/${id}`);
  expect(mail?.text).not.toContain(over);
  // Nothing waits any more: nothing is mailed.
  await db.pool.query(`UPDATE planned_action SET status = 'rejected' WHERE id = ANY ($1)`, [[first, second]]);
  received.length = 0;
  await due();
  await deliverAll();
  expect(received).toEqual([]);
});

test('what is held while a digest is on its way is in the next one', async () => {
  received.length = 0;
  await deliverAll();
  const early = await heldAction();
  await deliverAll();
  await db.pool.query(
    `UPDATE outbox SET next_attempt_at = now() WHERE topic = 'digest' AND delivered_at IS NULL`,
  );
  const [taken] = await takeNotices(db, 10, 60);
  expect(taken?.topic).toBe('digest');
  const late = await heldAction();
  await deliverAll();
  await markDelivered(db, taken?.id ?? '', taken?.payload ?? {});
  const { rows } = await db.pool.query(
    `SELECT count(*)::int AS waiting FROM outbox WHERE topic = 'digest' AND delivered_at IS NULL AND next_attempt_at > now() + interval '10 minutes'`,
  );
  expect(rows[0].waiting).toBe(1);
  await db.pool.query(
    `UPDATE outbox SET next_attempt_at = now() WHERE topic = 'digest' AND delivered_at IS NULL`,
  );
  await deliverAll();
  for (const id of [early, late]) expect(received.at(-1)?.text).toContain(id);
});

test('one that was given up is not sent again beside one that waits', async () => {
  await db.pool.query(`DELETE FROM outbox WHERE topic = 'digest'`);
  const { rows } = await db.pool.query(
    `INSERT INTO outbox (workspace_id, topic, payload, channel, recipient, failed_at, next_attempt_at) VALUES
      ('ws', 'digest', '{"asked": 1}', 'mail', 'ana', now(), now()), ('ws', 'digest', '{"asked": 1}', 'mail', 'ana', NULL, now() + interval '1 hour')
     RETURNING id::text`,
  );
  const revive = () => inTransaction(db, (tx) => reviveDelivery(tx, 'ws', rows[0].id));
  expect(await revive()).toBeNull();
  await db.pool.query('DELETE FROM outbox WHERE id = $1', [rows[1].id]);
  expect(await revive()).toMatchObject({ channel: 'mail', recipient: 'ana' });
});

test('a digest holds what somebody wants to hear of, however much else is newer', async () => {
  received.length = 0;
  await db.pool.query(`DELETE FROM outbox`);
  await db.pool.query(`UPDATE planned_action SET status = 'rejected' WHERE status = 'held'`);
  await choose('high', null);
  const grave = await heldAction();
  await db.pool.query(`UPDATE planned_action SET level = 'high' WHERE id = $1`, [grave]);
  for (let n = 0; n < 22; n += 1) await heldAction();
  await db.pool.query(`UPDATE planned_action SET level = 'low' WHERE status = 'held' AND id <> $1`, [grave]);
  await deliverAll();
  await db.pool.query(`UPDATE outbox SET next_attempt_at = now() WHERE topic = 'digest'`);
  await deliverAll();
  expect(received.map((mail) => mail.subject)).toHaveLength(1);
  expect(received[0]?.text).toContain(grave);
});
