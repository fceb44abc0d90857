import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { freshDatabase, type TestDatabase } from '@/server/testing/database';
import { NO_SEEDS } from './catalog-facts';
import { ConnectionLost, Session } from './session';
import { SessionStock, type StockOptions } from './session-stock';
import { SqlAnalyzer } from './sql-analyzer';
import { summary, testCall, testTarget } from './testing';

const [ONE, TWO] = [`one_${randomBytes(4).toString('hex')}`, `two_${randomBytes(4).toString('hex')}`];
let db: TestDatabase;
let stock: SessionStock;
const stocks: SessionStock[] = [];
beforeAll(async () => {
  db = await freshDatabase({ template: 'empty' });
  await db.pool.query(`
    CREATE TABLE goods (id int PRIMARY KEY, name text);
    INSERT INTO goods VALUES (1, 'a'), (2, 'b');
    CREATE TABLE log (id int, note text);
    CREATE ROLE ${ONE} LOGIN PASSWORD 'pw'; CREATE ROLE ${TWO} LOGIN PASSWORD 'pw';
    GRANT SELECT, INSERT, UPDATE, DELETE ON goods, log TO ${ONE}, ${TWO}`);
});
afterAll(() => db.drop());
const newStock = (options: StockOptions = {}): SessionStock => {
  stock = new SessionStock({ perTarget: 2, ...options });
  stocks.push(stock);
  return stock;
};
beforeEach(() => void newStock());
afterEach(() => {
  for (const each of stocks.splice(0)) each.close();
});

const target = (role: string, extra: object = {}) => {
  const url = new URL(db.url);
  url.username = role;
  url.password = 'pw';
  return testTarget(url.toString(), { id: 'shop', ...extra });
};
const OPTIONS = { timeoutMs: 10_000 };
const until = async (isSo: () => Promise<boolean> | boolean): Promise<void> => {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 5));
};
const filled = () => until(() => stock.readyFor('shop') === 2);
const connected = async (role: string): Promise<number> =>
  (await db.pool.query('SELECT FROM pg_stat_activity WHERE usename = $1', [role])).rowCount ?? 0;
const pidOf = async (session: Session) => (await session.run('SELECT pg_backend_pid()')).rows[0]?.[0];

describe('sessions kept ready', () => {
  it('are handed out once each, already connected, and replaced', async () => {
    const pids = new Set<unknown>();
    for (let i = 0; i < 5; i++) {
      const session = await stock.take(target(ONE), OPTIONS);
      pids.add(await pidOf(session));
      session.discard();
      await filled();
    }
    expect(pids.size).toBe(5);
    await until(async () => (await connected(ONE)) === 2);
  });

  it('belong to one credential: another definition of the target closes them and gets its own', async () => {
    (await stock.take(target(ONE), OPTIONS)).discard();
    await filled();
    const other = await stock.take(target(TWO), OPTIONS);
    expect((await other.run('SELECT current_user')).rows).toEqual([[TWO]]);
    other.discard();
    await until(async () => (await connected(ONE)) === 0);
    await filled();
    const moved = await stock.take(target(TWO, { searchPath: ['pg_catalog'] }), OPTIONS);
    expect((await moved.run('SHOW search_path')).rows).toEqual([['"pg_catalog", pg_temp']]);
    moved.discard();
  });

  it('that the server ended, or whose role may not connect any more, say so with their first answer', async () => {
    (await stock.take(target(ONE), OPTIONS)).discard();
    await filled();
    await db.pool.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1', [ONE]);
    await expect((await stock.take(target(ONE), OPTIONS)).renewed).rejects.toBeInstanceOf(ConnectionLost);
    const session = await stock.take(target(ONE), OPTIONS);
    session.discard();
    await filled();
    await db.pool.query(`ALTER ROLE ${ONE} NOLOGIN`);
    const refused = await stock.take(target(ONE), OPTIONS);
    await expect(refused.renewed).rejects.toThrow('its role may not connect any more');
    refused.discard();
    await db.pool.query(`ALTER ROLE ${ONE} LOGIN`);
  });

  it('and are of no use any more cost a measurement nothing but time', async () => {
    const analyzer = new SqlAnalyzer({ stock });
    const measured = async () => {
      const { footprint } = await analyzer.measure(
        testCall(target(ONE), "UPDATE goods SET name = 'z' WHERE id = 2"),
        { deadlineMs: 20_000 },
      );
      return [
        ...footprint.items.map(({ count }) => count),
        ...footprint.unknowns.map(({ message }) => message),
      ];
    };
    const whole = await measured();
    expect(whole[0]).toBe(1);
    for (const times of [1, 2]) {
      await filled();
      await db.pool.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1', [ONE]);
      expect(await measured(), `${times}`).toEqual(whole);
    }
    await filled();
    await db.pool.query(`ALTER ROLE ${ONE} NOLOGIN`);
    expect((await measured()).join()).toMatch(/not permitted to log in/);
    await db.pool.query(`ALTER ROLE ${ONE} LOGIN`);
    expect(await measured()).toEqual(whole);
  });

  it('say who they are as of when they are handed out', async () => {
    (await stock.take(target(TWO), OPTIONS)).discard();
    await filled();
    await db.pool.query(`ALTER ROLE ${TWO} BYPASSRLS`);
    const session = await stock.take(target(TWO), OPTIONS);
    await session.renewed;
    expect(session.identity.attributes).toMatchObject({ bypass: true });
    session.discard();
    await db.pool.query(`ALTER ROLE ${TWO} NOBYPASSRLS`);
  });

  it('are closed when nobody asks for a while, and when the process ends', async () => {
    newStock({ idleMs: 40 });
    (await stock.take(target(ONE), OPTIONS)).discard();
    await until(async () => stock.readyFor('shop') === 0 && (await connected(ONE)) === 0);
    newStock();
    (await stock.take(target(ONE), OPTIONS)).discard();
    await filled();
    stock.close();
    await until(async () => (await connected(ONE)) === 0);
  });

  it('learn nothing from a statement on a definition that is no longer the target’s', async () => {
    (await stock.take(target(TWO), OPTIONS)).discard();
    await filled();
    stock.learn(target(ONE), { ...NO_SEEDS, reads: [1] });
    expect(stock.readyFor('shop')).toBe(2);
    const session = await stock.take(target(TWO), OPTIONS);
    expect((await session.run('SELECT current_user')).rows).toEqual([[TWO]]);
    session.discard();
  });

  it('wait for no table that somebody is rebuilding, and are ready again when it is free', async () => {
    const { rows } = await db.pool.query("SELECT 'goods'::regclass::oid::int AS oid");
    const rebuilding = await db.pool.connect();
    await rebuilding.query('BEGIN; LOCK TABLE goods IN ACCESS EXCLUSIVE MODE');
    const first = await stock.take(target(ONE), OPTIONS);
    stock.learn(target(ONE), { ...NO_SEEDS, writes: [rows[0].oid] });
    first.discard();
    const waiting = `SELECT FROM pg_stat_activity WHERE usename = $1 AND wait_event_type = 'Lock'`;
    await until(async () => ((await db.pool.query(waiting, [ONE])).rowCount ?? 0) > 0);
    await until(async () => (await connected(ONE)) === 0);
    expect(stock.readyFor('shop')).toBe(0);
    await rebuilding.query('ROLLBACK');
    rebuilding.release();
    (await stock.take(target(ONE), OPTIONS)).discard();
    await filled();
  });

  it('are never more than were allowed, over all targets', async () => {
    newStock({ perTarget: 3, atMost: 4 });
    for (const id of ['a', 'b', 'c']) (await stock.take(target(ONE, { id }), OPTIONS)).discard();
    await until(() => ['a', 'b', 'c'].reduce((sum, id) => sum + stock.readyFor(id), 0) === 4);
    expect(await connected(ONE)).toBeLessThanOrEqual(4);
  });
});

describe('a session that analyses', () => {
  const analystOf = async (role: string): Promise<Session> => {
    const session = stock.takeAnalyst(target(role));
    if (session === null) throw new Error('none is ready');
    await session.renewed;
    return session;
  };
  const analyst = () => analystOf(ONE);
  const asked = async (role = ONE) => {
    (await stock.take(target(role), OPTIONS)).discard();
    await filled();
  };

  it('is one of those that are ready; there is none where none is', async () => {
    expect(stock.takeAnalyst(target(ONE))).toBeNull();
    await asked();
    const session = await analyst();
    expect(stock.readyFor('shop')).toBe(1);
    session.discard();
  });

  it('is given back and used again, one for each that analyses at the same time', async () => {
    await asked();
    const [first, second] = await Promise.all([analyst(), analyst()]);
    const pids = [await pidOf(first), await pidOf(second)];
    expect(new Set(pids).size).toBe(2);
    stock.giveBack(target(ONE), first);
    stock.giveBack(target(ONE), second);
    const again = await analyst();
    expect(await pidOf(again)).toBe(pids[0]);
    again.discard();
  });

  it('is not kept for other credentials, nor once it has ended or its role may not connect', async () => {
    await asked();
    const session = await analyst();
    await asked(TWO);
    const other = await analystOf(TWO);
    expect((await other.run('SELECT current_user')).rows).toEqual([[TWO]]);
    stock.giveBack(target(ONE), session);
    await until(async () => (await connected(ONE)) === 0);
    stock.giveBack(target(TWO), other);
    await db.pool.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1', [TWO]);
    await expect(analystOf(TWO)).rejects.toBeInstanceOf(ConnectionLost);
    await asked(TWO);
    stock.giveBack(target(TWO), await analystOf(TWO));
    await db.pool.query(`ALTER ROLE ${TWO} NOLOGIN`);
    await expect(analystOf(TWO)).rejects.toThrow('its role may not connect any more');
    await db.pool.query(`ALTER ROLE ${TWO} LOGIN`);
  });

  it('is closed when nobody asks for a while, and when the process ends', async () => {
    newStock({ idleMs: 2_000 });
    await asked();
    stock.giveBack(target(ONE), await analyst());
    await until(async () => (await connected(ONE)) === 0);
    newStock();
    await asked();
    const [kept, late] = await Promise.all([analyst(), analyst()]);
    stock.giveBack(target(ONE), kept);
    stock.close();
    stock.giveBack(target(ONE), late);
    await until(async () => (await connected(ONE)) === 0);
  });

  it('keeps nothing of a statement: whatever was analysed before, the next is seen as if it were the first', async () => {
    const analyzer = new SqlAnalyzer({ stock });
    const measure = (statement: string, params: unknown[] = []) =>
      analyzer.measure(testCall(target(ONE), statement, params), { deadlineMs: 20_000 });
    const question: [string, unknown[]] = ['SELECT name FROM goods WHERE id = $1', [1]];
    await asked();
    const alone = summary(await measure(...question));
    const before: [string, unknown[]][] = [
      ['SELECT nothing FROM goods WHERE id = $1', [1]],
      ['SELECT id FROM missing WHERE note = $1', ['x']],
      ["UPDATE goods SET name = 'holdpoint_statement' WHERE id = $1 RETURNING name", [2]],
      ['CREATE TEMP TABLE goods (id int, name text)', []],
      ["SELECT set_config('search_path', 'pg_catalog', false)", []],
    ];
    for (const [statement, params] of before) {
      await measure(statement, params);
      expect(summary(await measure(...question)), statement).toEqual(alone);
    }
    expect(alone).toEqual(['public.goods read 1']);
    await filled();
    const session = await analyst();
    const left = await session.run(
      `SELECT (SELECT count(*) FROM pg_prepared_statements WHERE name = 'holdpoint_statement'),
        (SELECT count(*) FROM pg_proc WHERE pronamespace = pg_my_temp_schema())`,
    );
    expect(left.rows).toEqual([['0', '0']]);
    session.discard();
  });
});

describe('a database that falls silent', () => {
  it('while it analyses keeps no measurement waiting beyond its deadline', async () => {
    const real = target(ONE);
    const silent = await Session.open(real, OPTIONS);
    // As if nothing arrived any more: what is sent goes out, and no answer is ever read.
    (silent as unknown as { client: { connection: { stream: Socket } } }).client.connection.stream.pause();
    const analyzer = new SqlAnalyzer({
      stock: {
        take: Session.open,
        takeAnalyst: () => silent,
        giveBack: () => {},
      } as unknown as SessionStock,
    });
    const { footprint } = await analyzer.measure(testCall(real, 'SELECT name FROM goods'), {
      deadlineMs: 200,
    });
    expect(footprint.unknowns.map(({ code }) => code)).toEqual(['target_unreachable']);
  });
});

describe('what is measured in a session that was ready', () => {
  it('is seen with what was defined a moment before: a trigger, a column, a function, a policy', async () => {
    const analyzer = new SqlAnalyzer({ stock });
    const measure = async () =>
      analyzer.measure(testCall(target(ONE), "UPDATE goods SET name = 'x' WHERE id = 1"), {
        deadlineMs: 20_000,
      });
    const definitions = new Set<string | undefined>();
    const look = async () => {
      await filled();
      const measurement = await measure();
      definitions.add(measurement.footprint.definitions);
      return summary(measurement);
    };
    await measure();
    expect(await look()).toEqual(['public.goods update 1']);
    await filled();
    await db.pool.query(`
      CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN INSERT INTO log VALUES (NEW.id, 'one'); RETURN NULL; END $$;
      CREATE TRIGGER goods_noted AFTER UPDATE ON goods FOR EACH ROW EXECUTE FUNCTION noted()`);
    expect((await measure()).footprint.items.map((item) => item.resource)).toContain('public.log');
    definitions.add((await measure()).footprint.definitions);
    await filled();
    await db.pool.query(`CREATE OR REPLACE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN INSERT INTO log VALUES (NEW.id, 'one'), (NEW.id, 'two'); RETURN NULL; END $$`);
    expect((await look()).some((line) => line.startsWith('public.log insert 2'))).toBe(true);
    await filled();
    await db.pool.query('ALTER TABLE goods ADD COLUMN price int DEFAULT 3');
    const { images, footprint } = await measure();
    definitions.add(footprint.definitions);
    expect(images.find(({ resource }) => resource === 'public.goods')?.after).toMatchObject({ price: 3 });
    await filled();
    await db.pool.query(
      'ALTER TABLE goods ENABLE ROW LEVEL SECURITY; CREATE POLICY none ON goods USING (id > 1)',
    );
    expect((await look()).some((line) => line === 'public.goods update 1')).toBe(false);
    expect(definitions.size).toBe(5);
  });
});
