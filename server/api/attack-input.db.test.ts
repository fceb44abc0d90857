// biome-ignore-all lint/suspicious/noExplicitAny: answers are read as any client would read them.
import net from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Installation, startInstallation } from '@/server/testing/installation';

let at: Installation;
let key: { authorization: string };

beforeAll(async () => {
  at = await startInstallation();
  const ingrid = await at.person('ingrid@larkfield.example');
  const document = {
    apiVersion: 'holdpoint/v1',
    agents: [{ name: 'spy', owner: 'ingrid@larkfield.example', clearances: ['internal'] }],
    tools: [{ name: 'say', execution: 'agent', inputSchema: { type: 'object' }, effects: [] }],
  };
  const { data } = await ingrid.mutate('admin.apply', { document });
  key = { authorization: `Bearer ${data.agents[0].key}` };
}, 120_000);
afterAll(() => at?.close());

const raw = async (path: string, init: RequestInit = {}) => {
  const response = await fetch(`${at.url}${path}`, init);
  const text = await response.text();
  return {
    status: response.status,
    text,
    body: text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : null,
  };
};
const post = (path: string, headers: Record<string, string>, body: unknown) =>
  raw(`/api/trpc/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
const get = (path: string, headers: Record<string, string>, input?: unknown) =>
  raw(
    `/api/trpc/${path}${input === undefined ? '' : `?input=${encodeURIComponent(JSON.stringify(input))}`}`,
    {
      headers,
    },
  );

describe('keys that mean something to JavaScript', () => {
  test('are data like any other in arguments, and unknown keys elsewhere', async () => {
    const body =
      '{"tool":"say","args":{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"toString":1}}';
    const taken = await post('agent.submit', key, body);
    expect(taken.status, taken.text).toBeLessThan(500);
    expect(({} as any).polluted).toBeUndefined();
    const top = await post('agent.submit', key, '{"tool":"say","args":{},"__proto__":{"runId":"x"}}');
    expect(top.status).toBeLessThan(500);
    for (const bad of [
      '{"tool":"say","args":{},"constructor":1}',
      '{"tool":"say","args":{},"hasOwnProperty":1}',
    ]) {
      expect((await post('agent.submit', key, bad)).body.error.data.holdpointCode).toBe('input_invalid');
    }
    for (const path of [
      'agent.constructor',
      'agent.__proto__',
      'agent.toString',
      'constructor',
      '__proto__.x',
      'agent.hasOwnProperty',
    ]) {
      expect((await post(path, key, {})).status, path).toBe(404);
    }
  });

  test('what differs in the bytes differs in the digest: __proto__ is not swallowed', async () => {
    const one = await post('agent.submit', key, '{"tool":"say","args":{"a":1}}');
    const two = await post('agent.submit', key, '{"tool":"say","args":{"a":1,"__proto__":{"b":2}}}');
    if (two.status === 200) expect(two.body.result.data.digest).not.toBe(one.body.result.data.digest);
    else expect(two.body.error.data.holdpointCode).toMatch(/invalid/);
  });
});

describe('requests nobody should send', () => {
  test.each([
    '/api/trpc',
    '/api/trpc/',
    '/api/trpc//agent.whoami',
    '/api/trpc/agent.whoami/',
    '/api/trpc/agent.whoami%00',
    '/api/trpc/../trpc/me.get',
    '/api/trpc/%2e%2e/me.get',
    '/api/trpc/me.get,agent.whoami?batch=1',
    '/api/trpc/agent%2Ewhoami',
    '/API/TRPC/me.get',
    '/api/trpc/me.get?batch=1&input=%7B',
    '/api/trpc/me.get?input=%E0%A4%A',
    '/.well-known/jwks.json/..%2f..%2fenv',
  ])('%s is answered without a fault and tells nothing', async (path) => {
    const { status, text } = await raw(path);
    expect([200, 207, 400, 401, 404], `${status} ${text}`).toContain(status);
    expect(text).not.toMatch(/larkfield|node_modules|Error:/);
  });

  test('raw bytes that are no HTTP, endless headers and half a body end their own connection only', async () => {
    const port = Number(new URL(at.url).port);
    const send = (text: string) =>
      new Promise<string>((resolve) => {
        const socket = net.connect(port, '127.0.0.1', () => socket.write(text));
        let answer = '';
        socket.on('data', (chunk) => {
          answer += chunk;
          socket.end();
        });
        socket.on('close', () => resolve(answer));
        socket.on('error', () => resolve(answer));
      });
    const head = `POST /api/trpc/agent.submit HTTP/1.1\r\nHost: x\r\nAuthorization: ${key.authorization}\r\nContent-Type: application/json\r\n`;
    expect(await send('\x16\x03\x01garbage\r\n\r\n')).toContain('400');
    expect(await send(`GET / HTTP/1.1\r\nHost: x\r\n${'a: b\r\n'.repeat(5_000)}\r\n`)).toMatch(
      /^HTTP\/1\.1 4/,
    );
    expect(await send(`${head}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`)).toContain(
      '400',
    );
    const half = net.connect(port, '127.0.0.1', () =>
      half.write(`${head}Content-Length: 100\r\n\r\n{"tool":`),
    );
    await new Promise((resolve) => half.once('connect', resolve));
    half.destroy();
    const { status } = await get('agent.whoami', key, undefined);
    expect(status).toBe(200);
  });

  test('deep, wide and large inputs are refused in words', async () => {
    const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
    const wide = JSON.stringify(Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`k${i}`, i])));
    for (const args of [
      `{"a":${deep}}`,
      wide,
      `{"a":"${'x'.repeat(600_000)}"}`,
      `{"a":1e400}`,
      '{"a":"\\ud800"}',
      `{"a":${'9'.repeat(400)}}`,
    ]) {
      const { status, body, text } = await post('agent.submit', key, `{"tool":"say","args":${args}}`);
      expect(status, text.slice(0, 200)).toBeLessThan(500);
      if (status !== 200) expect(body.error.message).toMatch(/\.$/);
    }
    const { status, body } = await post(
      'agent.submit',
      key,
      `{"tool":"say","args":{"a":"${'x'.repeat(1_100_000)}"}}`,
    );
    expect([status, body.error.data.holdpointCode]).toEqual([413, 'args_too_large']);
  });
});
