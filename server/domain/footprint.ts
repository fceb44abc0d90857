import { z } from 'zod';
import { audience } from './audience';
import { exposure } from './exposure';
import { mandateFact } from './mandate';
import { destinations, originFact } from './origins';
import { payload } from './payload';
import { OPERATIONS, PROVENANCES } from './vocabulary';

/**
 * One thing a planned action would touch. For SQL there is one `relation` item per relation and operation.
 * `count` is rows (relations), people (audience), resources or minor units of money; null when nobody could count it.
 */
export const footprintItem = z.object({
  kind: z.enum([
    'relation',
    'sequence',
    'function',
    'audience',
    'resource',
    'money',
    'statement',
    'request',
    'file',
  ]),
  target: z.string().nullable(),
  /** Schema-qualified for relations (`public.employees`). */
  resource: z.string(),
  operation: z.enum(OPERATIONS),
  count: z.number().int().nonnegative().nullable(),
  provenance: z.enum(PROVENANCES),
  /** Money only: the currency of ISO 4217 that `count` is in, and how many of its digits are minor units. Absent when the amount is not known. */
  money: z.object({ currency: z.string(), exponent: z.number().int().nonnegative() }).optional(),
  columns: z.array(z.string()).optional(),
  classes: z.array(z.string()).optional(),
  /** Distinct data subjects behind the touched rows; null when they exist but could not be counted. */
  subjects: z.number().int().nonnegative().nullable().optional(),
  /** The cascade, trigger, rule or view this is reached through; absent when the statement names it itself. */
  via: z.string().optional(),
  /** True when another item counts these rows already (a partition of a listed table, a table behind a listed view): sums leave it out. */
  restates: z.boolean().optional(),
  /** False when the effect survives a rollback or has no before-image to restore from. */
  reversible: z.boolean().optional(),
  /** Files only: their bytes together, and from which git revision of the root these files could be restored. */
  bytes: z.number().int().nonnegative().optional(),
  git: z.object({ revision: z.string(), paths: z.array(z.string()) }).optional(),
  note: z.string().optional(),
});
export type FootprintItem = z.infer<typeof footprintItem>;

/** Something that could not be measured. Each one raises what is asked; none is ever dropped. */
export const unknownFact = z.object({
  code: z.enum([
    'rehearsal_failed',
    'rehearsal_refused',
    'opaque_function',
    'side_effect',
    'timeout',
    'lock_busy',
    'images_partial',
    'unclassified_columns',
    'subjects_unknown',
    'target_unreachable',
    'role_unsafe',
    'effect_undeclared',
    'audience_unresolved',
    'amount_unknown',
    'resource_unknown',
    'remote_table',
    'definition_changed',
    'payload_unread',
    'analyzer_error',
  ]),
  /** For reviewers, never for the agent: holds no value of a row. */
  message: z.string(),
  /** What the database itself said, which may quote values: only for those who may see all that was touched (P10). */
  quoted: z.string().optional(),
  /** Where a quoted value may come from: what the items name, or, behind functions and triggers, anything the target holds. */
  quotedFrom: z.enum(['items', 'target']).optional(),
  resource: z.string().optional(),
});
export type UnknownFact = z.infer<typeof unknownFact>;

/** A request as people see it before it is sent. */
const httpRequest = z.object({
  method: z.string(),
  url: z.string(),
  /** `value` null: set by Holdpoint from what is sealed, and never shown. */
  headers: z.array(z.object({ name: z.string(), value: z.string().nullable() })),
  contentType: z.string().nullable(),
  operation: z.string(),
  operationId: z.string().nullable(),
  summary: z.string(),
  /** What the service said its state is when it was measured; the request is refused by the service if it is another by then. */
  etag: z.string().nullable(),
});

const habits = z.object({
  /** It has never run this tool, nor any other on this target. */
  firstUse: z.boolean(),
  firstTarget: z.boolean(),
  /** Outside addresses that it would send something to for the first time; null when nobody knows whom it would reach. */
  newAudience: z.number().int().nonnegative().nullable(),
  /** Rules by which something about it is unusual right now (domain/anomaly.ts). */
  unusual: z.array(z.string()),
  /** How many actions it planned in the last minute, as of at most five seconds before. */
  rate: z.number().int().nonnegative(),
});

export const footprint = z.object({
  version: z.literal(1),
  items: z.array(footprintItem),
  unknowns: z.array(unknownFact),
  /** Distinct data subjects over the whole action (not the sum of the items); null when not countable. */
  subjects: z.number().int().nonnegative().nullable(),
  /** How it was measured: really run and rolled back, read-only, every file looked at, only planned, taken from what is declared, or not at all. */
  method: z.enum(['rehearsed', 'read_only', 'inspected', 'planned', 'declared', 'none']),
  /** Set when the gate refuses the call outright; policy denies. `rule` is a stable word, `message` is for people. */
  forbidden: z.object({ rule: z.string(), message: z.string() }).optional(),
  /** SQL only: the role and search path it was measured as, part of the digest (P3). */
  as: z.object({ role: z.string(), searchPath: z.array(z.string()) }).optional(),
  /** True only when nothing but reads happen, proven by the analyzer, not by the text. */
  readOnly: z.boolean(),
  /** SHA-256 over definitions the result depends on (triggers, functions, rules, row security, foreign keys, tool and target definition). */
  definitions: z.string().optional(),
  /** SHA-256 over touched rows (relation, key, old image), or over the subject set and counts for reads. */
  rows: z.string().optional(),
  /** Class of every column of the touched relations as it was when measured: `schema.table` → column → class. Masking goes by this. */
  columnClasses: z.record(z.string(), z.record(z.string(), z.string())).optional(),
  /** Who would come to know, where something is sent, shared or granted. Part of the digest: other people, other footprint. */
  audience: audience.optional(),
  /** What data the call carries outwards. Its classes are part of the digest. */
  payload: payload.optional(),
  /** Where each value of the arguments came from. Not part of the digest: later results of the run can only explain more. */
  origins: z.array(originFact).optional(),
  /** The same counted, for what the call would send somewhere. Not part of the digest either. */
  destinations: destinations.optional(),
  /** What it adds to the exposure ledger. Not part of the digest. */
  exposure: exposure.optional(),
  /** How it stands to the mandate of its run, when that has one. Not part of the digest: what is left of it changes. */
  mandate: mandateFact.optional(),
  /** What its agent has done before. Not part of the digest. Absent: nobody looked. */
  habits: habits.optional(),
  /** The person it runs for, by address, when that is somebody of the directory. Not part of the digest. */
  runsFor: z.string().optional(),
  /** HTTP only: the request as it would go out, without its credentials. */
  request: httpRequest.optional(),
  measuredAt: z.string(),
  durationMs: z.number().nonnegative(),
});
export type Footprint = z.infer<typeof footprint>;

/** One row a reviewer can look at. `before` is null for inserts, `after` for deletes and reads have only `after`. */
export const rowImage = z.object({
  resource: z.string(),
  operation: z.enum(['read', 'insert', 'update', 'delete']),
  key: z.string(),
  before: z.record(z.string(), z.unknown()).nullable(),
  after: z.record(z.string(), z.unknown()).nullable(),
});
export type RowImage = z.infer<typeof rowImage>;
