import type { Effect } from './catalog';
import { pathsInSchema, type SchemaPath } from './schema-paths';
import type { EffectKind } from './vocabulary';

/** What a server says of its own tool (MCP): claims, never facts. */
export type ToolClaims = {
  readOnlyHint?: boolean | undefined;
  destructiveHint?: boolean | undefined;
  idempotentHint?: boolean | undefined;
  openWorldHint?: boolean | undefined;
};
/** A proposed map with the reason for each of its parts. Nothing is allowed by it: a person has to save it. */
export type EffectDraft = { effects: Effect[]; reasons: { field: string; reason: string }[] };

type Described = {
  name: string;
  inputSchema: Readonly<Record<string, unknown>>;
  annotations: ToolClaims;
};

/** Verbs in names of tools, most consequential first: what could be several things is taken for the worst. */
const VERBS: readonly (readonly [EffectKind, RegExp])[] = [
  ['delete', /^(delete|remove|drop|destroy|purge|erase|wipe|terminate|uninstall|revoke|clear|trash)$/],
  ['pay', /^(pay|transfer|payout|refund|charge|purchase|buy|wire|remit|withdraw|donate)$/],
  ['grant', /^(grant|authorize|permit|promote|assign)$/],
  ['share', /^(share|publish|expose)$/],
  ['send', /^(send|email|mail|post|reply|forward|message|notify|tweet|broadcast|announce|comment)$/],
  ['invite', /^(invite|enroll|subscribe)$/],
  ['execute', /^(execute|run|exec|eval|invoke|trigger|deploy|start|stop|restart)$/],
  [
    'write',
    /^(create|update|write|edit|set|add|insert|append|move|rename|upload|save|modify|patch|put|copy|change|reserve|book|schedule|reschedule|cancel|merge|import|replace)$/,
  ],
  [
    'read',
    /^(get|list|read|search|find|fetch|query|view|show|describe|count|lookup|check|download|browse|export)$/,
  ],
];

const wordsOf = (name: string): string[] =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(Boolean);

function kindByName(name: string): { kind: EffectKind; word: string } | null {
  const words = wordsOf(name);
  for (const [kind, pattern] of VERBS) {
    const word = words.find((each) => pattern.test(each));
    if (word !== undefined) return { kind, word };
  }
  return null;
}

const RANK: readonly EffectKind[] = VERBS.map(([kind]) => kind);
const RECIPIENTS =
  /^(to|cc|bcc|recipients?|emails?|email_?address(es)?|attendees?|participants?|invitees?|members?|users?|user_?emails?|channels?|groups?|people|audience|shared?_?with)$/i;
const CONTENT =
  /^(body|message|content|text|subject|title|description|html|attachments?|comment|note|notes|caption|markdown)$/i;
const RESOURCE =
  /^(id|ids|path|paths|file|files|file_?name|folder|url|uri|resource|name|key|document|page|repo(sitory)?|bucket|table|project|calendar|channel|\w*_?ids?)$/i;
const AMOUNT = /^(amount|price|total|sum|value|cost)$/i;
const CURRENCY = /^(currency|currency_?code)$/i;
const OPEN = /^(visibility|access|privacy|link_?(access|sharing)|public|is_?public|permission)$/i;
const REACHES: ReadonlySet<EffectKind> = new Set(['send', 'share', 'invite', 'grant']);

/** The arguments of the first level, or inside a list of it, whose name fits; lists by their elements. */
function pathsNamed(paths: readonly SchemaPath[], pattern: RegExp): SchemaPath[] {
  const all = new Set(paths.map((p) => p.path));
  return paths.filter(({ path, type }) => {
    const name = /(?:\.|\[')([A-Za-z0-9_]+)(?:'\])?(\[\*\])?$/.exec(path)?.[1] ?? '';
    const opened = type === 'array' && all.has(`${path}[*]`);
    return pattern.test(name) && !opened && path.split('[*]').length <= 3;
  });
}

function kindOf(tool: Described, reasons: EffectDraft['reasons']): EffectKind {
  const { readOnlyHint, destructiveHint } = tool.annotations;
  const byName = kindByName(tool.name);
  const say = (reason: string) => reasons.push({ field: 'effect', reason });
  if (byName === null) {
    say(
      readOnlyHint === true
        ? 'Its name has no verb that is known; the server claims that it only reads, which alone is no reason to believe it.'
        : 'Its name has no verb that is known, so it is taken for something that is run.',
    );
    return 'execute';
  }
  say(`“${byName.word}” in its name → ${byName.kind}`);
  if (readOnlyHint === true && byName.kind !== 'read')
    say('The server claims that it only reads; its name says otherwise, and the name is kept.');
  if (byName.kind === 'read' && readOnlyHint === false) {
    say('The server says that it does not only read → write');
    return destructiveHint === true ? 'delete' : 'write';
  }
  if (destructiveHint === true && RANK.indexOf(byName.kind) > RANK.indexOf('grant'))
    say('The server says that it may destroy: look whether it deletes something, too.');
  return byName.kind;
}

type Asked = 'audience' | 'content' | 'resource' | 'amount' | 'currency';

/**
 * Proposes an effect map from what a tool is called, its arguments and what its server claims, with a reason for each part. A claim makes the
 * proposal stricter, never looser. Kinds of data are left open: nobody can see them from a schema.
 */
export function draftEffects(tool: Described): EffectDraft {
  const reasons: EffectDraft['reasons'] = [];
  const paths = pathsInSchema(tool.inputSchema);
  const kind = kindOf(tool, reasons);
  const effect: Effect = { effect: kind };
  const take = (field: Asked, pattern: RegExp, meaning: string): boolean => {
    const [first, ...more] = pathsNamed(paths, pattern);
    if (first === undefined) return false;
    effect[field] = first.path;
    reasons.push({ field, reason: `${first.path}: ${first.type} whose name fits → ${meaning}` });
    if (more.length > 0)
      reasons.push({
        field,
        reason: `These fit as well; look whether they belong to it: ${more.map((m) => m.path).join(', ')}`,
      });
    return true;
  };
  if (REACHES.has(kind) || kind === 'write') take('audience', RECIPIENTS, 'who receives it');
  if (kind !== 'read' && kind !== 'delete') take('content', CONTENT, 'what it carries');
  if (!REACHES.has(kind) || kind === 'share' || kind === 'grant')
    take('resource', RESOURCE, 'what it acts on');
  if (kind === 'pay' && take('amount', AMOUNT, 'how much')) take('currency', CURRENCY, 'in which currency');
  const [open] = kind === 'read' ? [] : pathsNamed(paths, OPEN);
  if (open !== undefined) {
    effect.anyone = { path: open.path, not: open.type === 'boolean' ? [false] : ['private'] };
    reasons.push({ field: 'anyone', reason: `${open.path}: may open it to anyone; say which values do` });
  }
  if (kind !== 'read') {
    effect.reversible = false;
    reasons.push({ field: 'reversible', reason: 'Nobody has said that it can be undone.' });
  } else
    reasons.push({
      field: 'classes',
      reason: 'Say what kinds of data it answers with; until then it counts as sensitive.',
    });
  return { effects: [effect], reasons };
}
