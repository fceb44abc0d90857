import { createServer as createTcpServer } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, expect, test } from 'vitest';
import { type GuardedOptions, guardedCall, type OutgoingRequest } from './guarded-client';
import { HttpFault } from './http-fault';
import { startService, type TestService } from './testing';

const services: { close(): Promise<void> }[] = [];
const service = async (handle: Parameters<typeof startService>[0]): Promise<TestService> => {
  const started = await startService(handle);
  services.push(started);
  return started;
};
afterEach(async () => {
  await Promise.all(services.splice(0).map((s) => s.close()));
});

const options = (extra: Partial<GuardedOptions> = {}): GuardedOptions => ({
  allowPrivate: ['127.0.0.1'],
  timeoutMs: 5_000,
  responseBytes: 100_000,
  ...extra,
});
const get = (url: string, extra: Partial<OutgoingRequest> = {}): OutgoingRequest => ({
  method: 'GET',
  url,
  headers: {},
  credentials: { authorization: 'Bearer s3cret' },
  body: null,
  ...extra,
});
const faultOf = async (call: Promise<unknown>): Promise<HttpFault> => {
  const error = await call.then(
    () => null,
    (e: unknown) => e,
  );
  if (!(error instanceof HttpFault)) throw new Error(`no fault: ${String(error)}`);
  return error;
};

test('an address nobody listed is refused before a connection is opened', async () => {
  const { url, heard } = await service((_, response) => response.end('x'));
  expect(await faultOf(guardedCall(get(url), options({ allowPrivate: [] })))).toMatchObject({
    code: 'address_refused',
    sent: false,
  });
  expect(heard).toEqual([]);
});

test('a name that leads to a public and a private address is refused as a whole', async () => {
  const resolve = async () => ['93.184.216.34', '169.254.169.254'];
  expect(await faultOf(guardedCall(get('http://meta.example/'), options({ resolve })))).toMatchObject({
    code: 'address_refused',
    sent: false,
  });
});

test('a name that changes its address between looking and connecting (rebinding) is connected where it was looked', async () => {
  const { port, heard } = await service((_, response) => response.end('right'));
  let asked = 0;
  const resolve = async () => (asked++ === 0 ? ['127.0.0.1'] : ['169.254.169.254']);
  const answer = await guardedCall(get(`http://rebind.example:${port}/`), options({ resolve }));
  expect(answer.body.toString()).toBe('right');
  expect(asked).toBe(1);
  expect(heard[0]?.headers.host).toBe(`rebind.example:${port}`);
});

test('a redirect is checked like the first address, and a name that now leads inside is refused', async () => {
  const { port, heard } = await service((_, response) =>
    response.writeHead(302, { location: 'http://inside.example/latest/meta-data' }).end(),
  );
  const resolve = async (host: string) => (host === 'inside.example' ? ['169.254.169.254'] : ['127.0.0.1']);
  const call = guardedCall(
    get(`http://outside.example:${port}/`),
    options({ resolve, mayFollow: () => true }),
  );
  expect(await faultOf(call)).toMatchObject({ code: 'address_refused' });
  expect(heard).toHaveLength(1);
});

test('credentials never follow to another origin, and stay on the same', async () => {
  const other = await service((_, response) => response.end('other'));
  const first = await service((request, response) => {
    if (request.url === '/away') response.writeHead(307, { location: `${other.url}/there` }).end();
    else if (request.url === '/here') response.writeHead(302, { location: '/end' }).end();
    else response.end('end');
  });
  expect(
    (await guardedCall(get(`${first.url}/away`), options({ mayFollow: () => true }))).body.toString(),
  ).toBe('other');
  expect(other.heard[0]?.headers.authorization).toBeUndefined();
  await guardedCall(get(`${first.url}/here`), options({ mayFollow: () => true }));
  expect(first.heard.at(-1)).toMatchObject({ url: '/end', headers: { authorization: 'Bearer s3cret' } });
});

test('a change is never redirected: the answer is what the service said', async () => {
  const { url, heard } = await service((_, response) =>
    response.writeHead(307, { location: '/again' }).end(),
  );
  const answer = await guardedCall(
    get(url, { method: 'POST', body: '{}' }),
    options({ mayFollow: () => true }),
  );
  expect(answer.status).toBe(307);
  expect(heard).toHaveLength(1);
});

test('redirects without end, to other protocols and to where nothing may follow are refused', async () => {
  const { url, heard } = await service((request, response) => {
    const location =
      request.url === '/ftp'
        ? 'ftp://x.example/'
        : request.url === '/user'
          ? 'http://a:b@127.0.0.1/'
          : '/loop';
    response.writeHead(302, { location }).end();
  });
  const follow = options({ mayFollow: () => true });
  for (const path of ['/loop', '/ftp', '/user']) {
    expect(await faultOf(guardedCall(get(url + path), follow))).toMatchObject({ code: 'redirect_refused' });
  }
  expect(heard).toHaveLength(6);
  expect(await faultOf(guardedCall(get(`${url}/loop`), options({ mayFollow: () => false })))).toMatchObject({
    code: 'redirect_refused',
  });
});

test('an answer that grows when it is decompressed is cut at the limit', async () => {
  const bomb = gzipSync(Buffer.alloc(50_000_000));
  const { url } = await service((_, response) =>
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb),
  );
  const answer = await guardedCall(get(url), options());
  expect(answer).toMatchObject({ truncated: true });
  expect(answer.body.length).toBe(100_000);
});

test('broken or unknown encodings are faults, not answers', async () => {
  const { url } = await service((request, response) => {
    response
      .writeHead(200, { 'content-encoding': request.url === '/gzip' ? 'gzip' : 'gzip, gzip' })
      .end('not compressed');
  });
  expect(await faultOf(guardedCall(get(`${url}/gzip`), options()))).toMatchObject({
    code: 'answer_invalid',
    sent: true,
  });
  expect(await faultOf(guardedCall(get(`${url}/twice`), options()))).toMatchObject({
    code: 'encoding_refused',
    sent: true,
  });
});

test('an answer without end is cut at the limit', async () => {
  const { url } = await service((_, response) => {
    const more = () => {
      while (response.write(Buffer.alloc(16_384)));
      response.once('drain', more);
    };
    more();
  });
  expect(await guardedCall(get(url), options())).toMatchObject({ truncated: true });
});

test('a service that drips its answer is left when the time is up', async () => {
  const { url } = await service((_, response) => {
    response.write('a');
    const timer = setInterval(() => response.write('a'), 20);
    response.on('close', () => clearInterval(timer));
  });
  expect(await faultOf(guardedCall(get(url), options({ timeoutMs: 300 })))).toMatchObject({
    code: 'timeout',
    sent: true,
  });
});

test('a service that accepts and never answers, and one that answers nonsense, are faults after sending', async () => {
  const silent = createTcpServer(() => undefined);
  const nonsense = createTcpServer((socket) => socket.end('SSH-2.0-x\r\n'));
  for (const server of [silent, nonsense]) {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const fault = await faultOf(guardedCall(get(`http://127.0.0.1:${port}/`), options({ timeoutMs: 500 })));
    expect(fault.sent).toBe(true);
    server.close();
  }
});

test('a port nobody listens on and a name nobody knows fail before anything is sent', async () => {
  const { url, close } = await startService(() => undefined);
  await close();
  expect(await faultOf(guardedCall(get(url), options()))).toMatchObject({
    code: 'connection_failed',
    sent: false,
  });
  const resolve = () => Promise.reject(new Error('ENOTFOUND'));
  expect(await faultOf(guardedCall(get('http://nowhere.example/'), options({ resolve })))).toMatchObject({
    code: 'dns_failed',
    sent: false,
  });
});

test('a halt during the call ends it, and says that something was sent', async () => {
  const stop = new AbortController();
  const { url } = await service(() => stop.abort());
  expect(await faultOf(guardedCall(get(url), options({ signal: stop.signal })))).toMatchObject({
    code: 'aborted',
    sent: true,
  });
  expect(await faultOf(guardedCall(get(url), options({ signal: AbortSignal.abort() })))).toMatchObject({
    code: 'aborted',
    sent: false,
  });
});
