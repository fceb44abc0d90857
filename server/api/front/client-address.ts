import type { IncomingMessage } from 'node:http';

/**
 * The address a request comes from. `X-Forwarded-For` is written by anybody, so only as many of its last entries count as there are proxies
 * the operator has put in front (`HOLDPOINT_PROXIES`); with none, the connection alone says it.
 */
export function clientAddress(request: IncomingMessage, trustedProxies: number): string {
  const connection = (request.socket.remoteAddress ?? 'unknown').replace(/^::ffff:/, '');
  if (trustedProxies === 0) return connection;
  const header = request.headers['x-forwarded-for'];
  const hops = (Array.isArray(header) ? header.join(',') : (header ?? ''))
    .split(',')
    .map((hop) => hop.trim())
    .filter((hop) => hop !== '');
  return hops.at(-trustedProxies) ?? hops[0] ?? connection;
}
