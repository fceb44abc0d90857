/** Headers that decide where a request goes, who sends it, how it is framed or what it overrides: Holdpoint's own to set, or nobody's. */
const RESERVED = new Set([
  'host',
  'authorization',
  'cookie',
  'cookie2',
  'connection',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'content-length',
  'content-type',
  'content-encoding',
  'accept-encoding',
  'forwarded',
  'via',
  'expect',
  'origin',
  'referer',
  'range',
  'if-match',
  'if-none-match',
  'if-modified-since',
  'if-unmodified-since',
  'if-range',
  'idempotency-key',
  'max-forwards',
  'x-real-ip',
  'x-client-ip',
  'x-cluster-client-ip',
  'true-client-ip',
  'x-http-method',
  'x-http-method-override',
  'x-method-override',
  'x-original-url',
  'x-rewrite-url',
  'x-original-host',
]);
const RESERVED_PREFIXES = ['proxy-', 'sec-', 'x-forwarded', 'cf-', 'x-amz-', 'x-envoy-'];

/** Why an agent may not send this header; null when it may. */
export function headerFault(name: string, value: string): string | null {
  const plain = name.toLowerCase();
  if (RESERVED.has(plain) || RESERVED_PREFIXES.some((prefix) => plain.startsWith(prefix))) {
    return 'is not an agent’s to set; remove it';
  }
  if (!/^[!#$%&'*+.^_`|~0-9a-z-]{1,100}$/.test(plain)) return 'is not the name of a header';
  return /^[\x20-\x7e]*$/.test(value) ? null : 'may hold printable ASCII only';
}
