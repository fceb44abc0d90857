import { z } from 'zod';
import { EFFECTS } from './vocabulary';

const classification = z
  .string()
  .max(60)
  .regex(/^[a-z][a-z0-9_-]*$/, 'Name a classification in small letters, like personal or financial.');
const line = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: exactly those are refused
    .regex(/^[^\u0000-\u001f\u007f]*$/, 'Remove control characters.');
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/;
const headerName = z.string().regex(HEADER_NAME, 'Write a header name like X-Api-Key.');
/** What stands in a header must be visible ASCII: anything else is read differently by different servers. */
const headerValue = z
  .string()
  .min(1)
  .max(8_000)
  .regex(/^[\x20-\x7e]*$/, 'Use printable ASCII characters.');

/** What an operator says of one operation of an HTTP service; everything left out is not known. */
export const operationRule = z.strictObject({
  effect: z.enum(EFFECTS).optional(),
  /** Classes of what it takes or changes. */
  classes: z.array(classification).max(40).optional(),
  /** Classes of what it answers. */
  returns: z.array(classification).max(40).optional(),
  reversible: z.boolean().optional(),
  /** How many things one call touches, and how many people they are about. */
  count: z.number().int().nonnegative().optional(),
  subjects: z.number().int().nonnegative().optional(),
});
export type OperationRule = z.infer<typeof operationRule>;

/** How Holdpoint proves to a service who it is. */
export const httpCredentials = z.union(
  [
    z.strictObject({ bearer: headerValue }),
    z.strictObject({ basic: z.strictObject({ username: line(500), password: line(2_000) }) }),
    z.strictObject({ header: z.strictObject({ name: headerName, value: headerValue }) }),
    z.strictObject({ query: z.strictObject({ name: line(100), value: line(2_000) }) }),
  ],
  'Write { bearer: token }, { basic: { username, password } }, { header: { name, value } } or { query: { name, value } }.',
);
export type HttpCredentials = z.infer<typeof httpCredentials>;

export const httpLimits = z.strictObject({
  timeoutSeconds: z.number().int().min(1).max(55).default(20),
  responseBytes: z
    .number()
    .int()
    .min(1)
    .max(1024 * 1024)
    .default(256 * 1024),
});

/** Everything about an HTTP target that is no secret. */
export type HttpSettings = {
  baseUrl: string;
  /** The OpenAPI document, checked and without external references. */
  openapi: Readonly<Record<string, unknown>>;
  /** Hosts (`name` or `name:port`) a redirected read may lead to, besides the base URL's own. */
  allowedHosts: readonly string[];
  /** Addresses and networks (CIDR) that may be reached although they are not public. */
  allowPrivate: readonly string[];
  limits: z.infer<typeof httpLimits>;
  /** `METHOD /path` as the document writes it, `METHOD /path/**`, or an operationId → what it does. */
  operations: Readonly<Record<string, OperationRule>>;
  /** Whether measuring may ask the service for the current state (GET) of what would be changed. */
  probe: boolean;
  /** Whether a change carries the action's id as its Idempotency-Key. */
  idempotencyKey: boolean;
};

export const filesLimits = z.strictObject({
  /** Files one call may touch. */
  files: z.number().int().min(1).max(5_000).default(500),
  /** Bytes one call may touch, over all files. */
  bytes: z
    .number()
    .int()
    .min(1)
    .max(256 * 1024 * 1024)
    .default(32 * 1024 * 1024),
});

/** Everything about a files target. */
export type FilesSettings = {
  /** An absolute folder on the broker's machine. */
  root: string;
  include: readonly string[];
  exclude: readonly string[];
  /** Glob → classification; the last glob that matches a file says what it holds. */
  classes: Readonly<Record<string, string>>;
  /** Whether names that begin with a dot can be reached. `.git` never can. */
  hidden: boolean;
  readOnly: boolean;
  limits: z.infer<typeof filesLimits>;
};

export const glob = line(300).refine(
  (text) => !text.startsWith('/') && !text.startsWith('!') && !text.includes('\\'),
  'Write a glob relative to the root, like docs/**/*.md.',
);
export const hostName = z
  .string()
  .max(260)
  .regex(
    /^(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::\d{1,5})?$/,
    'Write a host in small letters, like api.example.com or api.example.com:8443.',
  );
export const network = z
  .string()
  .max(60)
  .regex(/^[0-9a-f:.]+(?:\/\d{1,3})?$/, 'Write an address or a network, like 10.1.2.3 or 10.1.0.0/16.');
export const targetClassification = classification;
