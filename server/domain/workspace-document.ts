import { z } from 'zod';
import { executionMode, toolKind } from './catalog';
import { classification, effectEntry } from './effect-entry';
import { toPointer } from './json-pointer';
import { accept, type InputProblem, type Outcome, refuse } from './refusal';
import { targetEntry } from './target-entry';
import { ROLES } from './vocabulary';

/** How many entries of one kind a document may hold: far above any real workspace, far below what one transaction can write. */
const MANY = 5_000;

const distinct = <T>(values: T[]): T[] => [...new Set(values)];

const email = z
  .string()
  .trim()
  .max(254)
  .toLowerCase()
  .pipe(z.email('Write an e-mail address like ana@example.com.'));
/** No control, bidirectional or zero-width characters: names stand beside decisions and must not be able to lie about their order. */
const shownText = (max: number) =>
  z
    .string()
    .trim()
    .min(1, 'Write at least one character.')
    .max(max)
    .regex(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]*$/u, 'Remove control and invisible characters.');
const label = z
  .string()
  .max(100)
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9 ._:/@-]*(?<! )$/,
    'Start with a letter or digit; then letters, digits, spaces and . _ : / @ - are possible.',
  );
const identifier = z
  .string()
  .max(100)
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._:/@-]*$/,
    'Start with a letter or digit; then letters, digits and . _ : / @ - are possible.',
  );
const clearances = z.array(classification).max(60).transform(distinct);
/** Another address, or a handle like @ana or #payroll. */
const alias = z
  .string()
  .trim()
  .toLowerCase()
  .min(1, 'Write at least one character.')
  .max(254)
  .regex(
    /^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s,;]+$/u,
    'Write an address or a handle without spaces, like @ana or #payroll.',
  );
const aliases = z.array(alias).max(50).transform(distinct);
const domain = z
  .string()
  .trim()
  .toLowerCase()
  .max(253)
  .regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/, 'Write a mail domain like example.com.');

export const person = z.strictObject({
  email,
  name: shownText(200).optional(),
  aliases: aliases.optional(),
  /** Of another organisation, and known here all the same. */
  guest: z.boolean().optional(),
  manager: email.nullable().optional(),
  forwardsTo: z.array(email).max(20).transform(distinct).optional(),
  /** False disables them, as leaving them out with `prune` does. */
  active: z.boolean().optional(),
  roles: z.array(z.enum(ROLES)).transform(distinct).optional(),
  clearances: clearances.optional(),
});

export const group = z.strictObject({
  name: label,
  kind: z.enum(['group', 'channel']).optional(),
  aliases: aliases.optional(),
  /** Whether people may join by themselves. */
  open: z.boolean().optional(),
  /** False when the list below is known not to be whole. */
  complete: z.boolean().optional(),
  members: z
    .array(
      z.union(
        [email, z.strictObject({ group: label }), z.strictObject({ address: email })],
        'Write the e-mail address of somebody in the workspace, { group: name }, or { address: somebody@outside.example }.',
      ),
    )
    .max(MANY),
});

const agent = z.strictObject({ name: label, owner: email.optional(), clearances: clearances.optional() });

const tool = z.strictObject({
  name: identifier.refine(
    (name) => !name.startsWith('holdpoint.'),
    'Names that begin with holdpoint. are Holdpoint’s own.',
  ),
  description: z.string().max(4_000).optional(),
  kind: toolKind.optional(),
  execution: executionMode.optional(),
  target: identifier.optional(),
  /** HTTP tools only: the one operation it calls. */
  operationId: z.string().min(1).max(200).nullable().optional(),
  inputSchema: z.record(z.string(), z.unknown()).optional(),
  effects: z.array(effectEntry).max(40).optional(),
  /** What the server it comes from claims of it (MCP annotations): kept to notice when it changes, never trusted. */
  annotations: z.record(z.string().max(100), z.json()).optional(),
});

/** The file of contract.md: what an operator declares. A kind of entry that is absent is left alone, even when pruning. */
export const workspaceDocument = z.strictObject({
  apiVersion: z.literal('holdpoint/v1', 'Write apiVersion: holdpoint/v1.'),
  prune: z.boolean().optional(),
  directory: z.strictObject({ domains: z.array(domain).max(200).transform(distinct) }).optional(),
  people: z.array(person).max(MANY).optional(),
  groups: z.array(group).max(MANY).optional(),
  agents: z.array(agent).max(MANY).optional(),
  targets: z.array(targetEntry).max(MANY).optional(),
  tools: z.array(tool).max(MANY).optional(),
});
export type WorkspaceDocument = z.infer<typeof workspaceDocument>;
export type PersonEntry = z.infer<typeof person>;
export type GroupEntry = z.infer<typeof group>;
export type AgentEntry = z.infer<typeof agent>;
export type ToolEntry = z.infer<typeof tool>;

/** The document with addresses in lower case and lists without repetitions, or every place where it is wrong as a JSON pointer. */
export function parseDocument(value: unknown): Outcome<WorkspaceDocument> {
  const parsed = workspaceDocument.safeParse(value);
  if (parsed.success) return accept(parsed.data);
  return refuseDocument(parsed.error.issues.flatMap(toProblems));
}

/** The refusal of a whole document: nothing of it was applied. The message names the first place; `problems` has all. */
export function refuseDocument(problems: InputProblem[]): ReturnType<typeof refuse> {
  const [first] = problems;
  const where = first && first.pointer !== '' ? `${first.pointer}: ${first.message}` : (first?.message ?? '');
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  return refuse('document_invalid', `Nothing was applied. ${where}${more}`, { problems });
}

function toProblems(issue: z.core.$ZodIssue): InputProblem[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      pointer: toPointer([...issue.path, key]),
      message: `"${key}" is not known here; remove it or correct its spelling.`,
    }));
  }
  if (issue.code === 'invalid_key') {
    return issue.issues.map((inner) => ({ pointer: toPointer(issue.path), message: inner.message }));
  }
  return [{ pointer: toPointer(issue.path), message: issue.message }];
}
