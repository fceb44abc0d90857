import { expect, test } from 'vitest';
import { formatAddress, parseConnection } from './connection-address';
import { targetHash } from './definition-hash';

const read = (connection: string) => {
  const parsed = parseConnection(connection);
  return parsed.ok ? formatAddress(parsed.address) : parsed.fault;
};

test.each([
  ['postgres://hr_agent:pw@localhost:5432/hr', 'hr_agent@localhost:5432/hr'],
  ['postgresql://hr@db.example/hr?sslmode=verify-full', 'hr@db.example:5432/hr'],
  ['postgres://h%40r:p%2Fw@db/h%20r', 'h@r@db:5432/h r'],
  ['postgres://hr:pw@[::1]:6000/hr', 'hr@[::1]:6000/hr'],
])('%s is shown without its password as %s', (connection, shown) => {
  expect(read(connection)).toBe(shown);
});

test.each([
  ['nothing like an address', 'host=db user=hr'],
  ['another database', 'mysql://hr:pw@db/hr'],
  ['no role', 'postgres://db/hr'],
  ['no database', 'postgres://hr:pw@db'],
  ['a user that overrides the one shown', 'postgres://hr:pw@db/hr?user=postgres'],
  ['a host that overrides the one shown', 'postgres://hr:pw@db/hr?host=other'],
  ['options that change the search path', 'postgres://hr:pw@db/hr?options=-csearch_path%3Devil'],
  ['a certificate read from this machine', 'postgres://hr:pw@db/hr?sslcert=/etc/shadow'],
  ['a bare percent sign', 'postgres://hr%:pw@db/hr'],
])('%s is refused, and the password is not repeated', (_, connection) => {
  const parsed = parseConnection(connection);
  expect(parsed.ok).toBe(false);
  expect(read(connection)).not.toContain('pw@');
});

test('a rotated password leaves the definition hash; another role, host, port or database does not', () => {
  const hash = (connection: string) =>
    targetHash({ kind: 'postgres', connection, searchPath: ['public'], classifications: {}, subjects: {} });
  const before = hash('postgres://a:1@h:1/d');
  expect(hash('postgres://a:2@h:1/d')).toBe(before);
  for (const other of ['b:1@h:1/d', 'a:1@i:1/d', 'a:1@h:2/d', 'a:1@h:1/e']) {
    expect(hash(`postgres://${other}`)).not.toBe(before);
  }
});
