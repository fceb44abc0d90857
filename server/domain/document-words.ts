import { canonicalJson } from './canonical';
import { memberKey } from './document-entries';
import type { ChangeKind, ChangeWord, MemberState } from './workspace-state';

/** Fields whose values are never repeated anywhere. */
const SECRET = new Set(['connection', 'credentials']);
/** Fields that are their own explanation only as "changed": maps and schemas do not fit on a line. */
const FIELD_WORDS: Readonly<Record<string, string>> = {
  searchPath: 'search path',
  inputSchema: 'input schema',
  baseUrl: 'base URL',
  openapi: 'OpenAPI document',
  allowedHosts: 'allowed hosts',
  allowPrivate: 'private addresses allowed',
  idempotencyKey: 'idempotency keys',
  readOnly: 'read only',
  operationId: 'operation',
  forwardsTo: 'forwarding',
};
const REMOVALS: Readonly<Record<ChangeKind, string>> = {
  directory: 'emptied',
  person: 'disabled and signed out; history stays',
  group: 'removed',
  agent: 'suspended; history stays',
  target: 'removed; history stays',
  tool: 'removed; history stays',
};

type State = Readonly<Record<string, unknown>>;

/** What differs, in one line without secrets; null when there is nothing to add to the word itself. */
export function describeChange(
  kind: ChangeKind,
  change: ChangeWord,
  before: object | null,
  after: object | null,
): string | null {
  if (change === 'remove') return REMOVALS[kind];
  if (change !== 'update' || before === null || after === null) return null;
  const [old, now] = [before as State, after as State];
  return Object.keys(now)
    .filter((field) => canonicalJson(old[field] ?? null) !== canonicalJson(now[field] ?? null))
    .map((field) => describeField(field, old[field], now[field]))
    .join('; ');
}

function describeField(field: string, before: unknown, after: unknown): string {
  const word = FIELD_WORDS[field] ?? field;
  if (field === 'members') {
    return describeList(word, membersOf(before), membersOf(after));
  }
  if (SECRET.has(field)) return `${word} replaced`;
  if (isList(before) && isList(after)) return describeList(word, before, after);
  if (isMap(before) && isMap(after) && field !== 'inputSchema' && field !== 'openapi') {
    return describeList(word, entriesOf(before), entriesOf(after));
  }
  if (typeof after === 'string' && after.length <= 80 && (typeof before === 'string' || before === null)) {
    return `${word}: ${before === null || before === '' ? 'none' : before} → ${after}`;
  }
  return `${word} changed`;
}

function describeList(word: string, before: readonly string[], after: readonly string[]): string {
  const added = after.filter((item) => !before.includes(item)).map((item) => `+${item}`);
  const removed = before.filter((item) => !after.includes(item)).map((item) => `−${item}`);
  const all = [...added, ...removed];
  if (all.length === 0) return `${word} reordered`;
  const shown = all.slice(0, 6).join(', ');
  return `${word} ${shown}${all.length > 6 ? ` and ${all.length - 6} more` : ''}`;
}

const entriesOf = (map: State): string[] =>
  Object.entries(map).map(
    ([key, value]) => `${key}: ${typeof value === 'object' ? canonicalJson(value) : String(value)}`,
  );

function isMap(value: unknown): value is State {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/** Lists of words or members, as texts; effects are objects of another kind and stay "changed". */
function isList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

const membersOf = (value: unknown): string[] => (value as readonly MemberState[]).map(memberKey);
