import { expect, test } from 'vitest';
import { mayConnect } from './addresses';

test.each([
  '127.0.0.1',
  '127.1',
  '2130706433',
  '0x7f.1',
  '0177.0.0.1',
  '0.0.0.0',
  '10.0.0.1',
  '172.16.0.1',
  '192.168.1.1',
  '169.254.169.254',
  '100.64.0.1',
  '198.18.0.1',
  '192.0.2.1',
  '224.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  'fe80::1',
  'fc00::1',
  'fd00:ec2::254',
  'ff02::1',
  '::ffff:127.0.0.1',
  '::ffff:a9fe:a9fe',
  '::127.0.0.1',
  '64:ff9b::10.0.0.1',
  '64:ff9b:1::a00:1',
  '2002:7f00:1::',
  '2001:db8::1',
  '2001::1',
  'localhost',
  '',
])('%s is not connected to', (address) => {
  expect(mayConnect(address, [])).toBe(false);
});

test.each(['93.184.216.34', '2606:4700::1111', '::ffff:8.8.8.8', '64:ff9b::8.8.8.8'])(
  '%s is public',
  (address) => {
    expect(mayConnect(address, [])).toBe(true);
  },
);

test('what an operator lists may be connected to, in every notation, and nothing beside it', () => {
  expect(mayConnect('127.0.0.1', ['127.0.0.1'])).toBe(true);
  expect(mayConnect('::ffff:127.0.0.1', ['127.0.0.1'])).toBe(true);
  expect(mayConnect('127.0.0.2', ['127.0.0.1'])).toBe(false);
  expect(mayConnect('10.1.2.3', ['10.1.0.0/16'])).toBe(true);
  expect(mayConnect('10.2.0.1', ['10.1.0.0/16'])).toBe(false);
  expect(mayConnect('::1', ['::1/128'])).toBe(true);
  expect(mayConnect('10.0.0.1', ['nonsense', '10.0.0.0/99'])).toBe(false);
});
