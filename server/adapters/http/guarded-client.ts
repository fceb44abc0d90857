import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { Agent, buildConnector, request } from 'undici';
import { mayConnect } from './addresses';
import { HttpFault, type HttpFaultCode } from './http-fault';
import { readCapped } from './read-capped';

export type Resolver = (hostname: string) => Promise<readonly string[]>;

/** One call as it goes out. Nothing in it is interpreted any more. */
export type OutgoingRequest = {
  method: string;
  url: string;
  headers: Readonly<Record<string, string>>;
  /** Sent to the first origin only. */
  credentials: Readonly<Record<string, string>>;
  body: string | Uint8Array | null;
};

export type GuardedOptions = {
  allowPrivate: readonly string[];
  timeoutMs: number;
  responseBytes: number;
  signal?: AbortSignal | undefined;
  /** Whether a read may be led to another address; absent, no redirect is followed. */
  mayFollow?: (url: URL) => boolean;
  resolve?: Resolver;
  /** Certificates to trust besides the system's. */
  ca?: string;
};

export type GuardedAnswer = {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
  truncated: boolean;
  /** Where the answer came from in the end. */
  url: string;
};

const REDIRECTS_MAX = 3;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

const systemResolver: Resolver = async (hostname) =>
  (await lookup(hostname, { all: true, verbatim: true })).map(({ address }) => address);

/** Every address of a host must be allowed: one among several would be chosen by chance, or by whoever answers. */
async function addressesOf(url: URL, options: GuardedOptions): Promise<string[]> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  let addresses: readonly string[];
  try {
    addresses = isIP(host) ? [host] : await (options.resolve ?? systemResolver)(host);
  } catch {
    throw new HttpFault('dns_failed', `The name ${host} could not be resolved.`, false);
  }
  if (addresses.length === 0) throw new HttpFault('dns_failed', `The name ${host} has no address.`, false);
  const refused = addresses.find((address) => !mayConnect(address, options.allowPrivate));
  if (refused !== undefined) {
    const message = `${host} leads to ${refused}, which is not a public address. An operator can list it under allowPrivate of the target.`;
    throw new HttpFault('address_refused', message, false);
  }
  return [...addresses];
}

/**
 * Connects to the address that was checked and to no other: the name is not looked up again, so that an answer that changes in between
 * (DNS rebinding) changes nothing.
 */
function pinnedAgent(addresses: readonly string[], options: GuardedOptions, onConnected: () => void): Agent {
  const connector = buildConnector({
    timeout: Math.min(10_000, options.timeoutMs),
    ...(options.ca === undefined ? {} : { ca: options.ca }),
    lookup: (_hostname, lookupOptions, callback) => {
      const all = addresses.map((address) => ({ address, family: isIP(address) }));
      const [first] = all;
      if (lookupOptions.all) callback(null, all);
      else callback(null, first?.address ?? '', first?.family ?? 4);
    },
  });
  return new Agent({
    connections: 1,
    pipelining: 0,
    headersTimeout: options.timeoutMs,
    bodyTimeout: options.timeoutMs,
    maxHeaderSize: 32 * 1024,
    connect(target, callback) {
      connector(target, (error, socket) => {
        if (error !== null) return callback(error, null);
        onConnected();
        callback(null, socket);
      });
    },
  });
}

type Hop = { answer: GuardedAnswer; location: string | null };

async function hop(out: OutgoingRequest, options: GuardedOptions, signal: AbortSignal): Promise<Hop> {
  const url = new URL(out.url);
  const addresses = await addressesOf(url, options);
  let connected = false;
  const agent = pinnedAgent(addresses, options, () => {
    connected = true;
  });
  try {
    signal.throwIfAborted();
    const answer = await request(url, {
      dispatcher: agent,
      method: out.method as 'GET',
      headers: { ...out.headers, ...out.credentials, 'accept-encoding': 'identity' },
      body: out.body,
      signal,
    });
    const headers = flat(answer.headers);
    const { body, truncated } = await readCapped(
      answer.body,
      headers['content-encoding'],
      options.responseBytes,
    );
    const location = REDIRECTS.has(answer.statusCode) ? (headers.location ?? null) : null;
    return { answer: { status: answer.statusCode, headers, body, truncated, url: url.href }, location };
  } catch (error) {
    throw toFault(error, connected, options.signal);
  } finally {
    // Nothing of a call outlives it: the next one checks and connects anew.
    await agent.destroy().catch(() => undefined);
  }
}

const flat = (headers: Record<string, string | string[] | undefined>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name.toLowerCase(), Array.isArray(value) ? value.join(', ') : value]],
    ),
  );

function codeOf(error: unknown, aborted: boolean): HttpFaultCode {
  if (aborted) return 'aborted';
  const { name, code } = error as { name?: string; code?: string };
  if (name === 'TimeoutError' || name === 'AbortError' || /TIMEOUT/.test(code ?? '')) return 'timeout';
  if (/^ERR_TLS|CERT|SSL|SELF_SIGNED|UNABLE_TO/.test(code ?? '')) return 'tls_failed';
  return /^HPE|UND_ERR_(HEADERS_OVERFLOW|RESPONSE)/.test(code ?? '') ? 'answer_invalid' : 'connection_failed';
}

const WORDS: Readonly<Record<string, string>> = {
  aborted: 'The call was stopped.',
  timeout: 'The service did not answer in time.',
  tls_failed: 'The service did not prove its name: its certificate is not valid.',
  answer_invalid: 'What the service answered is not valid HTTP.',
  connection_failed: 'The connection to the service failed.',
};

/** Once a connection stands, bytes may be on their way: whatever fails afterwards says nothing about what the service did. */
function toFault(error: unknown, connected: boolean, signal: AbortSignal | undefined): HttpFault {
  if (error instanceof HttpFault) return new HttpFault(error.code, error.message, connected);
  const code = codeOf(error, signal?.aborted === true);
  return new HttpFault(code, WORDS[code] ?? 'The call failed.', connected);
}

/**
 * Makes one call to an allowed address within bounds of time and size, or throws an HttpFault that says whether anything may have been sent.
 * Redirects are followed for reads only, a few times, each checked like the first; credentials never leave the first origin.
 */
export async function guardedCall(out: OutgoingRequest, bounds: GuardedOptions): Promise<GuardedAnswer> {
  // Timers take whole milliseconds only.
  const options = { ...bounds, timeoutMs: Math.max(1, Math.ceil(bounds.timeoutMs)) };
  const deadline = AbortSignal.timeout(options.timeoutMs);
  const signal = options.signal ? AbortSignal.any([deadline, options.signal]) : deadline;
  let current = out;
  for (let hops = 0; ; hops++) {
    const { answer, location } = await hop(current, options, signal);
    if (location === null || options.mayFollow === undefined || !['GET', 'HEAD'].includes(out.method))
      return answer;
    if (hops >= REDIRECTS_MAX)
      throw new HttpFault('redirect_refused', 'The service redirects without end.', true);
    if (!URL.canParse(location, current.url)) {
      throw new HttpFault('redirect_refused', 'The service redirects to something that is no address.', true);
    }
    const next = new URL(location, current.url);
    const isPlain =
      (next.protocol === 'https:' || next.protocol === 'http:') &&
      next.username === '' &&
      next.password === '';
    const isWeaker = next.protocol === 'http:' && new URL(current.url).protocol === 'https:';
    if (!isPlain || isWeaker || !options.mayFollow(next)) {
      throw new HttpFault(
        'redirect_refused',
        `The service redirects to ${next.origin}, where Holdpoint may not follow.`,
        true,
      );
    }
    const stays = next.origin === new URL(out.url).origin;
    current = { ...current, url: next.href, credentials: stays ? out.credentials : {} };
  }
}
