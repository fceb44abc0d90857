import type { IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import { clientAddress } from './client-address';

const from = (remoteAddress: string, forwarded?: string) =>
  ({ socket: { remoteAddress }, headers: { 'x-forwarded-for': forwarded } }) as unknown as IncomingMessage;

test('with no proxy in front, what a client writes into X-Forwarded-For counts for nothing', () => {
  expect(clientAddress(from('203.0.113.9', '1.2.3.4'), 0)).toBe('203.0.113.9');
});

test('behind one proxy only the entry that proxy added counts', () => {
  expect(clientAddress(from('10.0.0.1', '1.2.3.4, 198.51.100.7'), 1)).toBe('198.51.100.7');
  expect(clientAddress(from('10.0.0.1', '1.2.3.4, 198.51.100.7, 10.0.0.2'), 2)).toBe('198.51.100.7');
});

test('a proxy that added nothing leaves the connection', () => {
  expect(clientAddress(from('10.0.0.1'), 1)).toBe('10.0.0.1');
});

test('one machine has one name, over IPv4 and its IPv6 form', () => {
  expect(clientAddress(from('::ffff:127.0.0.1'), 0)).toBe('127.0.0.1');
});
