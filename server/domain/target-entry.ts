import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { isObject, type JsonObject } from './json-object';
import { findOpenApiFaults } from './openapi';
import {
  targetClassification as classification,
  filesLimits,
  glob,
  hostName,
  httpCredentials,
  httpLimits,
  network,
  operationRule,
} from './target-settings';

const RELATION = /^[^."]+\.[^."]+$/;
const COLUMNS = /^[^."]+\.[^."]+\.[^."]+$/;
const SUBJECT = /^[^."<>=\s](?:[^."<>=]*[^."<>=\s-])?(?:\s*->\s*[^."<>=\s]+\.[^."<>=\s]+)?$/;
const OPENAPI_MAX = 1_500_000;

const identifier = z
  .string()
  .max(100)
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._:/@-]*$/,
    'Start with a letter or digit; then letters, digits and . _ : / @ - are possible.',
  );

const postgresTarget = z.strictObject({
  name: identifier,
  kind: z.literal('postgres'),
  connection: z.string().max(2_000).optional(),
  searchPath: z
    .array(
      z
        .string()
        .min(1)
        .max(63)
        .refine((s) => !s.startsWith('pg_temp'), 'Temporary schemas cannot be searched.'),
    )
    .min(1)
    .max(20)
    .optional(),
  classifications: z
    .record(z.string().regex(COLUMNS, 'Write schema.table.column, or schema.table.*'), classification)
    .optional(),
  subjects: z
    .record(
      z.string().regex(RELATION, 'Write schema.table'),
      z.string().max(200).regex(SUBJECT, 'Write the column, or column -> schema.table'),
    )
    .optional(),
});

/** The text of an OpenAPI document (JSON or YAML) or the document itself; what is wrong in it is named by its place. */
const openApiDocument = z
  .union(
    [z.string().max(OPENAPI_MAX), z.record(z.string(), z.unknown())],
    'Write the OpenAPI document itself, or its text.',
  )
  .transform((value, context): JsonObject => {
    const fail = (message: string, path: PropertyKey[] = []) =>
      context.addIssue({ code: 'custom', message, path });
    const document = typeof value === 'string' ? readText(value) : value;
    if (!isObject(document)) {
      fail('This is not an OpenAPI document in JSON or YAML.');
      return {};
    }
    for (const fault of findOpenApiFaults(document)) {
      const path = fault.pointer.split('/').slice(1);
      fail(
        fault.message,
        path.map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~')),
      );
    }
    return document;
  });

function readText(text: string): unknown {
  try {
    return parseYaml(text, { maxAliasCount: 100 });
  } catch {
    return null;
  }
}

const baseUrl = z
  .string()
  .max(500)
  .transform((text) => text.replace(/\/+$/, ''))
  .superRefine((text, context) => {
    const fault = baseUrlFault(text);
    if (fault !== null) context.addIssue({ code: 'custom', message: fault });
  });

function baseUrlFault(text: string): string | null {
  const shape = 'Write the address of the service, like https://api.example.com/v1.';
  if (!URL.canParse(text)) return shape;
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return shape;
  if (url.username !== '' || url.password !== '')
    return 'Credentials do not belong into the address; write them under credentials.';
  if (url.search !== '' || url.hash !== '')
    return 'Nothing may follow the path: remove what begins with ? or #.';
  // Two texts for one address would let a comparison of texts be fooled.
  return url.href.replace(/\/+$/, '') === text ? null : `Write it as ${url.href.replace(/\/+$/, '')}.`;
}

const OPERATION = /^(?:[A-Z]+ \/\S*|[A-Za-z0-9_.-]{1,200})$/;

const httpTarget = z.strictObject({
  name: identifier,
  kind: z.literal('http'),
  baseUrl: baseUrl.optional(),
  openapi: openApiDocument.optional(),
  credentials: httpCredentials.nullable().optional(),
  allowedHosts: z.array(hostName).max(50).optional(),
  allowPrivate: z.array(network).max(50).optional(),
  limits: httpLimits.optional(),
  operations: z
    .record(
      z
        .string()
        .max(500)
        .regex(OPERATION, 'Write GET /path as the document does, GET /path/**, or an operationId.'),
      operationRule,
    )
    .optional(),
  probe: z.boolean().optional(),
  idempotencyKey: z.boolean().optional(),
});

const root = z
  .string()
  .max(1_000)
  .regex(/^\/[^\0]*$/, 'Write the absolute path of a folder on the machine Holdpoint runs on.')
  .refine(
    (text) => !text.split('/').some((part) => part === '.' || part === '..'),
    'Write it without . and .. in it.',
  )
  .transform((text) => text.replace(/\/+$/, '').replace(/\/{2,}/g, '/'))
  .refine((text) => text !== '', 'The root of the whole machine is never a target.');

const filesTarget = z.strictObject({
  name: identifier,
  kind: z.literal('files'),
  root: root.optional(),
  include: z.array(glob).max(100).optional(),
  exclude: z.array(glob).max(100).optional(),
  classes: z.record(glob, classification).optional(),
  hidden: z.boolean().optional(),
  readOnly: z.boolean().optional(),
  limits: filesLimits.optional(),
});

/** One target of a workspace document. */
export const targetEntry = z.discriminatedUnion('kind', [postgresTarget, httpTarget, filesTarget], {
  error: (issue) =>
    issue.code === 'invalid_union' ? 'The kind of a target is postgres, http or files.' : undefined,
});
export type TargetEntry = z.infer<typeof targetEntry>;
