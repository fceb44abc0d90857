import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** What every answer carries, whoever gives it. */
export function setCommonHeaders(response: ServerResponse, isHttps: boolean): void {
  response.setHeader('x-content-type-options', 'nosniff');
  response.setHeader('referrer-policy', 'no-referrer');
  response.setHeader('x-frame-options', 'DENY');
  response.setHeader('cross-origin-opener-policy', 'same-origin');
  response.setHeader('cross-origin-resource-policy', 'same-origin');
  if (isHttps) response.setHeader('strict-transport-security', 'max-age=31536000');
}

/**
 * The policy for pages. Next reads the nonce out of the request's own header of this name and puts it on its scripts; components read
 * `x-nonce`. Both headers are overwritten here, so a client cannot choose them. Styles stay inline: positioned menus need style attributes.
 */
export function setPagePolicy(request: IncomingMessage, response: ServerResponse, isDev: boolean): void {
  const nonce = randomBytes(16).toString('base64');
  const policy = [
    `default-src 'self'`,
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${isDev ? " 'unsafe-eval'" : ''}`,
    `style-src 'self' 'unsafe-inline'`,
    `img-src 'self' data: blob:`,
    `font-src 'self' data:`,
    `connect-src 'self'${isDev ? ' ws: wss:' : ''}`,
    `worker-src 'self'`,
    `object-src 'none'`,
    `base-uri 'none'`,
    `form-action 'self'`,
    `frame-ancestors 'none'`,
  ].join('; ');
  request.headers['content-security-policy'] = policy;
  request.headers['x-nonce'] = nonce;
  response.setHeader('content-security-policy', policy);
}

const LARGEST_FORM_BYTES = 64 * 1024;

/**
 * Pages take nothing larger than a sign-in form, and Next reads whatever it is sent: a body that is larger, or does not say how large it is,
 * is answered here. True when it was.
 */
export function refuseLargeForm(request: IncomingMessage, response: ServerResponse): boolean {
  const length = request.headers['content-length'];
  const hasBody = length !== undefined || request.headers['transfer-encoding'] !== undefined;
  if (!hasBody || (length !== undefined && Number(length) <= LARGEST_FORM_BYTES)) return false;
  response.setHeader('connection', 'close');
  response.writeHead(length === undefined ? 411 : 413, { 'content-type': 'text/plain; charset=utf-8' });
  response.end('The form is too large, or does not say how large it is.');
  return true;
}
