import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { blastRadius } from '../../domain/blast-radius';
import { freshDatabase, type TestDatabase } from '../../testing/database';
import { SqlAnalyzer } from './sql-analyzer';
import { summary, testCall, testTarget } from './testing';

let db: TestDatabase;
const analyzer = new SqlAnalyzer();
const role = `reader_${randomBytes(4).toString('hex')}`;
const roleUrl = () => {
  const url = new URL(db.url);
  url.username = role;
  url.password = 'secret';
  return url.toString();
};
const target = (extra = {}) =>
  testTarget(db.url, {
    classifications: {
      'public.people.*': 'internal',
      'public.people.salary': 'financial',
      'public.people.email': 'personal',
      'public.visits.*': 'internal',
      'public.tokens.*': 'credential',
    },
    subjects: { 'public.people': 'id', 'public.visits': 'person_id -> public.people' },
    ...extra,
  });
const measure = (statement: string, params?: unknown[], extra = {}) =>
  analyzer.measure(testCall(target(extra), statement, params), { deadlineMs: 20_000 });

beforeAll(async () => {
  db = await freshDatabase({ template: 'empty' });
  await db.pool.query(`
    CREATE TABLE people (id int PRIMARY KEY, email text, salary numeric, team int);
    CREATE TABLE visits (id int PRIMARY KEY, person_id int REFERENCES people, at date);
    CREATE TABLE tokens (id int, token text);
    CREATE TABLE odd (id int);
    INSERT INTO people SELECT g, 'p' || g, g * 100, g % 5 FROM generate_series(1, 100) g;
    INSERT INTO visits SELECT g, 1 + g % 40, date '2026-01-01' + g FROM generate_series(1, 200) g;
    CREATE VIEW directory AS SELECT id, email FROM people WHERE team < 4;
    CREATE VIEW rows_as_json AS SELECT row_to_json(p) AS doc FROM people p;
    CREATE FUNCTION team_size(t int) RETURNS bigint LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN (SELECT count(*) FROM people WHERE team = t); END $$;
    CREATE FUNCTION fired(p int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN DELETE FROM visits WHERE person_id = p; RETURN 1; END $$;
    CREATE FUNCTION sneaky() RETURNS int LANGUAGE sql STABLE AS 'SELECT fired(1)';
    CREATE FUNCTION meddles() RETURNS text LANGUAGE plpgsql AS $$ BEGIN RETURN pg_read_file('/etc/hostname'); END $$;
    CREATE ROLE ${role} LOGIN PASSWORD 'secret';
    GRANT SELECT, DELETE ON people, visits TO ${role};
    CREATE TABLE secrets (id int PRIMARY KEY, owner text, body text);
    INSERT INTO secrets SELECT g, CASE WHEN g <= 3 THEN '${role}' ELSE 'other' END, 'b' FROM generate_series(1, 50) g;
    ALTER TABLE secrets ENABLE ROW LEVEL SECURITY;
    CREATE POLICY own ON secrets USING (owner = current_user);
    GRANT SELECT, UPDATE, DELETE ON secrets TO ${role};
  `);
});
afterAll(async () => {
  await db.pool.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
  await db.drop();
});

describe('a plain read', () => {
  it('names columns, classes, rows and people exactly', async () => {
    const { footprint, images } = await measure('SELECT email, salary FROM people WHERE team = $1', [2]);
    expect(footprint).toMatchObject({ method: 'read_only', readOnly: true, subjects: 20, unknowns: [] });
    expect(footprint.items).toEqual([
      expect.objectContaining({
        resource: 'public.people',
        operation: 'read',
        count: 20,
        provenance: 'measured',
        columns: ['email', 'salary', 'team'],
        classes: ['financial', 'internal', 'personal'],
        subjects: 20,
      }),
    ]);
    expect(images).toHaveLength(20);
  });

  it('counts people through joins, aggregates, DISTINCT, outer joins and CTE-free subqueries it can follow', async () => {
    const cases: [string, number][] = [
      ['SELECT p.email, v.at FROM people p JOIN visits v ON v.person_id = p.id WHERE p.id <= 10', 10],
      ['SELECT count(*) FROM people WHERE team = 1', 20],
      ['SELECT DISTINCT person_id FROM visits', 40],
      ['SELECT team, avg(salary) FROM people GROUP BY team', 100],
      ['SELECT p.id, v.id FROM people p LEFT JOIN visits v ON v.person_id = p.id', 100],
      ['SELECT at FROM visits ORDER BY id LIMIT 3', 3],
      ['SELECT id FROM people WHERE id IS NOT DISTINCT FROM 3', 1],
      ['SELECT id FROM people WHERE id IN (3, 4) ORDER BY id', 2],
      ['SELECT id FROM people WHERE id = ANY (ARRAY[3, 4, 5])', 3],
      ["SELECT extract(year FROM at), 'from' FROM visits WHERE person_id = 1", 1],
    ];
    for (const [statement, people] of cases) {
      const { footprint } = await measure(statement);
      expect([statement, footprint.subjects, footprint.unknowns]).toEqual([statement, people, []]);
      expect(footprint.items.every(({ provenance }) => provenance === 'measured')).toBe(true);
    }
  });

  it('counts each row and person once, however often and however deep the statement reads them', async () => {
    const cases: [string, unknown[], number][] = [
      ['WITH x AS (SELECT * FROM people WHERE team = $1) SELECT email FROM x', [1], 20],
      [
        'SELECT email FROM people WHERE id < 5 UNION SELECT email FROM people WHERE id BETWEEN 3 AND 9 ORDER BY 1',
        [],
        9,
      ],
      ['SELECT a.email FROM people a JOIN people b ON a.team = b.team WHERE a.id = 1', [], 20],
      ['SELECT 1 WHERE EXISTS (SELECT 1 FROM people)', [], 100],
      ['SELECT team FROM people WHERE id IN (SELECT person_id FROM visits WHERE person_id <= $1)', [7], 7],
      [
        'SELECT t, n FROM (SELECT team AS t, count(*) AS n FROM people WHERE team <> $1 GROUP BY team) x LIMIT 1',
        [2],
        80,
      ],
      [
        `WITH RECURSIVE up AS (SELECT id FROM people WHERE id = 1 UNION ALL SELECT p.id FROM people p JOIN up ON p.id = up.id + 1 WHERE p.id < 4)
         SELECT * FROM up`,
        [],
        3,
      ],
    ];
    for (const [statement, params, people] of cases) {
      const { footprint } = await measure(statement, params);
      expect([statement, footprint.subjects, footprint.unknowns]).toEqual([statement, people, []]);
      const read = footprint.items.find(({ resource }) => resource === 'public.people');
      expect([statement, read?.provenance, read?.count]).toEqual([statement, 'measured', people]);
    }
  });

  it('says so where people or rows cannot be derived, and never calls that measured', async () => {
    for (const statement of [
      'SELECT g, (SELECT email FROM people p WHERE p.id = g) FROM generate_series(1, 2) g',
      'WITH people AS (SELECT * FROM people) SELECT email FROM people',
      'SELECT x.email FROM (WITH y AS (SELECT * FROM people) SELECT * FROM y) x',
      'SELECT team_size(1)',
    ]) {
      const { footprint } = await measure(statement);
      expect([statement, footprint.subjects]).toEqual([statement, null]);
      expect(footprint.unknowns.map(({ code }) => code)).toContain('subjects_unknown');
      expect(footprint.items.filter(({ provenance }) => provenance === 'measured')).toEqual([]);
      expect(footprint.items.map(({ resource }) => resource)).toContain('public.people');
    }
  });

  it('resolves views to the tables and columns behind them', async () => {
    const { footprint } = await measure('SELECT * FROM directory');
    expect(footprint.items).toEqual([
      expect.objectContaining({ resource: 'public.directory', operation: 'read', columns: ['id', 'email'] }),
      expect.objectContaining({
        resource: 'public.people',
        via: 'view public.directory',
        columns: ['id', 'email', 'team'],
      }),
    ]);
  });

  it('counts the rows of a view, and leaves those behind it out of sums', async () => {
    const { footprint } = await measure('SELECT email FROM directory WHERE id <= 7');
    expect(footprint.items.map((i) => [i.resource, i.count, i.provenance, i.columns, i.restates])).toEqual([
      ['public.directory', 6, 'measured', ['id', 'email'], undefined],
      ['public.people', expect.any(Number), 'estimated', ['id', 'email', 'team'], true],
    ]);
    expect(blastRadius(footprint).rowsRead).toBe(6);
    const joined = await measure('SELECT d.email FROM directory d JOIN visits v ON v.person_id = d.id');
    expect(joined.footprint.items.map((i) => `${i.resource} ${i.restates}`).sort()).toEqual([
      'public.directory true',
      'public.people undefined',
      'public.visits undefined',
    ]);
  });

  it('counts a row used as a value as all of its columns', async () => {
    for (const statement of [
      'SELECT row_to_json(people) FROM people',
      'SELECT p FROM people p',
      'SELECT to_jsonb(p.*) FROM people p',
      'SELECT doc FROM rows_as_json',
    ]) {
      const { footprint } = await measure(statement);
      const item = footprint.items.find(({ resource }) => resource === 'public.people');
      expect([statement, item?.classes]).toEqual([statement, ['financial', 'internal', 'personal']]);
    }
  });

  it('names columns nobody classified, also in PostgreSQL’s own tables', async () => {
    const odd = await measure('SELECT id FROM odd');
    expect(odd.footprint.unknowns).toEqual([
      expect.objectContaining({ code: 'unclassified_columns', resource: 'public.odd' }),
    ]);
    const catalog = await measure('SELECT rolname, rolpassword FROM pg_authid');
    expect(catalog.footprint.items).toEqual([
      expect.objectContaining({
        resource: 'pg_catalog.pg_authid',
        columns: ['rolname', 'rolpassword'],
        classes: ['unclassified'],
      }),
    ]);
  });

  it('is what EXPLAIN without ANALYZE is: no row is read', async () => {
    const { footprint } = await measure('EXPLAIN (COSTS OFF) SELECT salary FROM people');
    expect(footprint).toMatchObject({
      readOnly: true,
      subjects: 0,
      items: [{ resource: 'public.people', count: 0 }],
    });
  });

  it('costs no more than its deadline', async () => {
    const { footprint } = await analyzer.measure(testCall(target(), 'SELECT pg_sleep(60)'), {
      deadlineMs: 600,
    });
    expect(footprint.unknowns).toMatchObject([{ code: 'timeout' }]);
    expect(footprint.readOnly).toBe(false);
  });
});

describe('what only looks like a read', () => {
  it('is a write when a function it calls writes, whatever the function claims', async () => {
    const fired = await measure('SELECT fired(3)');
    expect(fired.footprint).toMatchObject({ readOnly: false, method: 'rehearsed', subjects: 1 });
    expect(summary(fired)).toContain('public.visits delete 5 via function public.fired(p integer)');
    const sneaky = await measure('SELECT sneaky()');
    expect(sneaky.footprint.readOnly).toBe(false);
    expect((await db.pool.query('SELECT count(*) FROM visits')).rows[0].count).toBe('200');
  });

  it('is not run when a function would leave the transaction', async () => {
    const { footprint } = await measure('SELECT meddles()');
    expect(footprint).toMatchObject({ readOnly: false, method: 'none' });
    expect(footprint.unknowns).toContainEqual(expect.objectContaining({ code: 'opaque_function' }));
  });

  it('locks rows with FOR UPDATE, and is counted as that', async () => {
    const { footprint } = await measure('SELECT * FROM people WHERE id < 4 FOR UPDATE');
    expect(footprint).toMatchObject({ readOnly: false, method: 'rehearsed', subjects: 3 });
    expect(footprint.items.map(({ operation, count }) => [operation, count])).toEqual([
      ['read', 3],
      ['lock', 3],
    ]);
  });

  it('moves a sequence, which is never undone, so setval is not rehearsed', async () => {
    await db.pool.query('CREATE SEQUENCE tickets');
    const { footprint } = await measure("SELECT setval('tickets', 500)");
    expect(footprint.items).toContainEqual(
      expect.objectContaining({ kind: 'sequence', resource: 'tickets', reversible: false }),
    );
    expect(footprint.unknowns).toContainEqual(expect.objectContaining({ code: 'side_effect' }));
    expect((await db.pool.query('SELECT last_value FROM tickets')).rows[0].last_value).toBe('1');
  });
});

describe('the role decides what is there', () => {
  it('measures as the role that will execute, under its row security', async () => {
    const narrow = await measure('DELETE FROM secrets', undefined, { connection: roleUrl() });
    expect(narrow.footprint.as).toEqual({ role, searchPath: ['public'] });
    expect(summary(narrow)).toEqual(['public.secrets delete 3']);
    expect(summary(await measure('DELETE FROM secrets'))).toEqual(['public.secrets delete 50']);
  });

  it('tells reviewers what the database refused', async () => {
    const { footprint } = await measure('SELECT * FROM tokens', undefined, { connection: roleUrl() });
    expect(footprint.readOnly).toBe(false);
    expect(footprint.unknowns).toContainEqual({
      code: 'rehearsal_failed',
      message: expect.stringMatching(
        /^The database refused the statement: permission denied for table tokens\. /,
      ),
    });
    expect(footprint.items).toContainEqual(
      expect.objectContaining({ resource: 'public.tokens', classes: ['credential'] }),
    );
  });

  it('estimates columns from names where the role may not create temporary objects', async () => {
    const database = new URL(db.url).pathname.slice(1);
    await db.pool.query(`REVOKE TEMPORARY ON DATABASE ${database} FROM PUBLIC`);
    const { footprint } = await measure('SELECT email FROM people WHERE team = $1', [1], {
      connection: roleUrl(),
    });
    expect(footprint.items).toEqual([
      expect.objectContaining({
        resource: 'public.people',
        count: 20,
        columns: ['email', 'team'],
        classes: ['internal', 'personal'],
      }),
    ]);
    await db.pool.query(`GRANT TEMPORARY ON DATABASE ${database} TO PUBLIC`);
  });
});
