import { z } from 'zod';
import { effectCondition } from './effect-condition';
import { AMOUNT_UNITS } from './money';
import type { FilesSettings, HttpCredentials, HttpSettings } from './target-settings';
import { EFFECTS, EXECUTIONS } from './vocabulary';

const classNames = z.array(z.string().min(1).max(60)).max(40);

/** Classes by the value of an argument. A value the mapping does not have is `otherwise`, and unclassified without it. */
export const classesBy = z.strictObject({
  path: z.string().max(500),
  map: z.record(z.string().max(200), classNames),
  otherwise: classNames.optional(),
});
export type ClassesBy = z.infer<typeof classesBy>;

/** One declared effect of a tool: JSONPath expressions over its arguments, plus constants. Written by operators, never by servers or agents. */
export const effect = z
  .object({
    effect: z.enum(EFFECTS),
    /** The effect happens only then; always without it. */
    when: effectCondition.optional(),
    resource: z.string().max(500).optional(),
    audience: z.string().max(500).optional(),
    content: z.string().max(500).optional(),
    amount: z.string().max(500).optional(),
    /** A JSONPath, or a code of ISO 4217 when every amount is in one currency. */
    currency: z.string().max(500).optional(),
    amountIn: z.enum(AMOUNT_UNITS).optional(),
    location: z.string().max(500).optional(),
    /** Anyone who has the link could open it then. */
    anyone: effectCondition.optional(),
    classes: classNames.optional(),
    classesBy: classesBy.optional(),
    reversible: z.boolean().optional(),
    trusted: z.boolean().optional(),
  })
  .strict();
export type Effect = z.infer<typeof effect>;

export const toolKind = z.enum(['sql', 'http', 'files', 'custom']);
export type ToolKind = z.infer<typeof toolKind>;
/** The kinds of tool Holdpoint can execute itself. */
export const BROKER_KINDS = ['sql', 'http', 'files'] as const satisfies readonly ToolKind[];
export type BrokerKind = (typeof BROKER_KINDS)[number];
export const executionMode = z.enum(EXECUTIONS);

type TargetBase = {
  id: string;
  workspaceId: string;
  name: string;
  /** SHA-256 over everything that changes what a call would touch; never over a secret's bytes. */
  definitionHash: string;
};

/** What there is to know of a database. `connection` is the opened secret: it exists only in memory and is never logged. */
export type PostgresParts = {
  kind: 'postgres';
  connection: string;
  searchPath: readonly string[];
  /** `schema.table.column` or `schema.table.*` → classification. The exact column wins over `*`. */
  classifications: Readonly<Record<string, string>>;
  /** `schema.table` → column that identifies the data subject, or `column -> schema.table` to follow. */
  subjects: Readonly<Record<string, string>>;
};
/** What there is to know of an HTTP service. `credentials` are the opened secret. */
export type HttpParts = HttpSettings & { kind: 'http'; credentials: HttpCredentials | null };
/** What there is to know of a tree of files on the broker's own machine. */
export type FilesParts = FilesSettings & { kind: 'files' };
export type TargetParts = PostgresParts | HttpParts | FilesParts;

export type PostgresTarget = TargetBase & PostgresParts;
export type HttpTarget = TargetBase & HttpParts;
export type FilesTarget = TargetBase & FilesParts;
/** Where a tool acts. */
export type TargetDefinition = PostgresTarget | HttpTarget | FilesTarget;

export type ToolDefinition = {
  id: string;
  workspaceId: string;
  name: string;
  description: string;
  kind: ToolKind;
  execution: z.infer<typeof executionMode>;
  inputSchema: Readonly<Record<string, unknown>>;
  effects: readonly Effect[];
  /** What the server it comes from claims of it; never trusted. */
  annotations?: Readonly<Record<string, unknown>>;
  /** Set while its definition is not the one a person confirmed last: every call is held. Holds what was confirmed of what agents read. */
  unconfirmed?: { description: string; inputSchema: Readonly<Record<string, unknown>> };
  /** HTTP tools only: the one operation (operationId) of the target's document it calls; null for every operation of it. */
  operationId?: string | null;
  target: TargetDefinition | null;
  /** SHA-256 over the definition and its target's; an action measured under another hash is measured again. */
  definitionHash: string;
};
