import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { freshDatabase, type TestDatabase } from '@/server/testing/database';
import { allOf } from './all-of';
import { ConnectionLost, Session } from './session';

let db: TestDatabase;
let session: Session;
beforeAll(async () => {
  db = await freshDatabase({ template: 'empty' });
  await db.pool.query(
    'CREATE TABLE goods (id int PRIMARY KEY); INSERT INTO goods SELECT generate_series(1, 20)',
  );
});
afterAll(() => db.drop());
beforeEach(async () => {
  session = await Session.open({ connection: db.url, searchPath: ['public'] }, { timeoutMs: 10_000 });
});
afterEach(() => session.discard());

const one = async (text: string) => (await session.run(text)).rows[0]?.[0];
/** Known to a transaction only. */
const BEGIN = "BEGIN; SET LOCAL application_name = 'inside'";
const place = () => one('SHOW application_name');

it('answers what is asked at once in the order it was asked', async () => {
  session.ahead(BEGIN);
  const answers = await allOf(one('SELECT 1'), one('SELECT 2'), session.json<number>('SELECT 3'));
  expect(answers).toEqual(['1', '2', 3]);
  expect(await place()).toBe('inside');
  session.ahead('ROLLBACK');
  expect(await place()).toBe('holdpoint');
});

it('what is asked behind something that fails is told why, once, and the next goes on', async () => {
  session.ahead('SELECT 1 / 0');
  await expect(session.run('SELECT 1')).rejects.toThrow('division by zero');
  expect(await one('SELECT 1')).toBe('1');
});

it('of several questions in a transaction the first that failed says why', async () => {
  session.ahead(BEGIN);
  const all = allOf(session.run('SELECT 1'), session.run('SELECT nothing'), session.run('SELECT 2'));
  await expect(all).rejects.toThrow('column "nothing" does not exist');
  session.ahead('ROLLBACK');
  expect(await one('SELECT 1')).toBe('1');
});

it('reads rows in parts between questions sent ahead, also when that fails', async () => {
  session.ahead(BEGIN);
  const capped = await session.runCapped('SELECT id FROM goods ORDER BY id', [], 3);
  expect([capped.rows, capped.rowCount]).toEqual([[['1'], ['2'], ['3']], 20]);
  session.ahead('SAVEPOINT here');
  await expect(session.runCapped('SELECT 1 / (id - 7) FROM goods', [], 3)).rejects.toThrow('division');
  session.ahead('ROLLBACK TO SAVEPOINT here');
  expect(await place()).toBe('inside');
  session.ahead('SELECT nothing');
  await expect(session.runCapped('SELECT 1', [], 3)).rejects.toThrow('column "nothing" does not exist');
});

it('everything asked learns that the connection was lost', async () => {
  session.ahead('SELECT pg_sleep(30)');
  const asked = [session.run('SELECT 1'), session.json('SELECT 2')];
  session.discard();
  for (const each of asked) await expect(each).rejects.toBeInstanceOf(ConnectionLost);
  await expect(session.run('SELECT 3')).rejects.toBeInstanceOf(ConnectionLost);
});
