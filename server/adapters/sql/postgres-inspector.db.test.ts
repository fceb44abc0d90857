import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase, type TestDatabase } from '../../testing/database';
import { PostgresInspector } from './postgres-inspector';

let db: TestDatabase;
const role = `inspected_${randomBytes(4).toString('hex')}`;
const strong = `strong_${randomBytes(4).toString('hex')}`;
const asRole = () => {
  const url = new URL(db.url);
  url.username = role;
  url.password = 'secret';
  return url.toString();
};
const inspect = (extra: Partial<Parameters<PostgresInspector['inspect']>[0]> = {}) =>
  new PostgresInspector().inspect({
    kind: 'postgres',
    connection: asRole(),
    searchPath: ['public'],
    classifications: {},
    subjects: {},
    ...extra,
  });
const codes = (check: { findings: { code: string }[] }) => check.findings.map(({ code }) => code).sort();

beforeAll(async () => {
  db = await freshDatabase({ template: 'empty' });
  await db.pool.query(`
    CREATE ROLE ${role} LOGIN PASSWORD 'secret';
    CREATE ROLE ${strong} BYPASSRLS;
    CREATE TABLE people (id int PRIMARY KEY, email text, salary numeric);
    CREATE TABLE orders (id int PRIMARY KEY, person_id int REFERENCES people);
    GRANT SELECT, UPDATE ON people, orders TO ${role}`);
});
afterAll(async () => {
  await db.pool.query(`DROP OWNED BY ${role}; DROP ROLE ${role}; DROP ROLE ${strong}`);
  await db.drop();
});

describe('registering a target says what is wrong with its role', () => {
  it('finds nothing but unclassified columns for a narrow role, and suggests classes without accepting them', async () => {
    const check = await inspect();
    expect(check).toMatchObject({ reachable: true, role });
    expect(codes(check)).toEqual(['columns_unclassified']);
    expect(check.columns.find(({ column }) => column === 'public.people.salary')).toEqual({
      column: 'public.people.salary',
      type: 'numeric',
      classification: null,
      suggestion: 'financial',
    });
  });

  it('names every power a role should not have, with the SQL that removes it', async () => {
    await db.pool.query(`
      ALTER ROLE ${role} REPLICATION CREATEROLE; GRANT ${strong}, pg_read_server_files TO ${role};
      GRANT CREATE ON SCHEMA public TO ${role}; ALTER TABLE orders OWNER TO ${role};
      CREATE EXTENSION dblink; REVOKE TEMPORARY ON DATABASE ${new URL(db.url).pathname.slice(1)} FROM PUBLIC`);
    const check = await inspect({
      classifications: { 'public.people.*': 'personal', 'public.orders.*': 'internal' },
    });
    expect(codes(check)).toEqual([
      'extension_leaves_database',
      'role_can_become_stronger',
      'role_create_role',
      'role_creates_in_path',
      'role_owns_tables',
      'role_replication',
      'role_server_powers',
      'temp_missing',
    ]);
    expect(check.findings.find(({ code }) => code === 'role_can_become_stronger')?.message).toContain(
      `REVOKE "${strong}" FROM "${role}";`,
    );
    expect(check.findings.every(({ message }) => /Run|Correct/.test(message))).toBe(true);
  });

  it('finds subjects and classifications that name what does not exist', async () => {
    const check = await inspect({
      classifications: {
        'public.people.*': 'personal',
        'public.orders.*': 'internal',
        'public.peple.name': 'personal',
      },
      subjects: {
        'public.people': 'uid',
        'public.gone': 'id',
        'public.orders': 'person_id -> public.nowhere',
      },
    });
    expect(codes(check)).toEqual(
      expect.arrayContaining([
        'classification_without_column',
        'subject_column_missing',
        'subject_path_open',
        'subject_table_missing',
      ]),
    );
  });

  it('says a superuser is unfit', async () => {
    expect(codes(await inspect({ connection: db.url }))).toEqual(
      expect.arrayContaining(['role_superuser', 'role_bypass_rls']),
    );
  });

  it('answers instead of throwing when the server is away', async () => {
    const check = await inspect({ connection: 'postgres://nobody:x@127.0.0.1:1/none' });
    expect(check).toMatchObject({ reachable: false, serverVersion: null });
    expect(codes(check)).toEqual(['unreachable']);
  });
});
