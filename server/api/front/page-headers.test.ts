import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { refuseLargeForm, setPagePolicy } from './page-headers';

const exchange = (headers: Record<string, string>) => {
  const request = new IncomingMessage(new Socket());
  request.headers = headers;
  return { request, response: new ServerResponse(request) };
};

test('every request has a nonce of its own, whatever the client wrote into the headers', () => {
  const nonces = [1, 2].map(() => {
    const { request, response } = exchange({
      'x-nonce': 'mine',
      'content-security-policy': "script-src 'nonce-mine'",
    });
    setPagePolicy(request, response, false);
    const policy = String(response.getHeader('content-security-policy'));
    expect(request.headers['content-security-policy']).toBe(policy);
    expect(policy).toContain(`'nonce-${request.headers['x-nonce']}'`);
    expect(policy).not.toContain('mine');
    return request.headers['x-nonce'];
  });
  expect(nonces[0]).not.toBe(nonces[1]);
});

test('no script runs by being written into a page, and no other site frames one', () => {
  const { request, response } = exchange({});
  setPagePolicy(request, response, false);
  const policy = String(response.getHeader('content-security-policy'));
  const scripts = /script-src ([^;]+)/.exec(policy)?.[1];
  expect(scripts).not.toContain('unsafe');
  expect(policy).toContain("frame-ancestors 'none'");
});

test.each([
  [{}, false, 200],
  [{ 'content-length': '500' }, false, 200],
  [{ 'content-length': '65537' }, true, 413],
  [{ 'content-length': 'many' }, true, 413],
  [{ 'transfer-encoding': 'chunked' }, true, 411],
])('pages take small forms only (%j)', (headers, refused, status) => {
  const { request, response } = exchange(headers as Record<string, string>);
  expect(refuseLargeForm(request, response)).toBe(refused);
  expect(response.statusCode).toBe(status);
});
