import { LinkifyIt } from 'linkify-it';
import type { Effect } from './catalog';
import { select } from './json-path';
import { toPointer } from './json-pointer';

/** What part a value plays, by the operator's effect map. */
export const VALUE_ROLES = [
  'recipient',
  'location',
  'account',
  'resource',
  'amount',
  'content',
  'other',
] as const;
export type ValueRole = (typeof VALUE_ROLES)[number];

/** One value of the arguments; `start` and `end` (UTF-16) when it is a part of the string at `pointer`. */
export type ArgumentValue = { pointer: string; value: string; role: ValueRole; start?: number; end?: number };

/** A string or number of the arguments with the part it plays. */
export type ArgumentLeaf = { pointer: string; value: string; role: ValueRole };

/** More leaves than this are not looked at one by one. */
export const LEAVES_MAX = 5_000;

/** Roles of everything the effects' paths select. A value that plays several parts plays the first of `VALUE_ROLES`. */
function rolesOf(
  args: Readonly<Record<string, unknown>>,
  effects: readonly Effect[],
): Map<string, ValueRole> {
  const roles = new Map<string, ValueRole>();
  const mark = (path: string | undefined, role: ValueRole) => {
    if (path === undefined) return;
    for (const { pointer } of select(path, args).values) {
      const known = roles.get(pointer);
      if (known === undefined || VALUE_ROLES.indexOf(role) < VALUE_ROLES.indexOf(known))
        roles.set(pointer, role);
    }
  };
  for (const each of effects) {
    mark(each.audience, 'recipient');
    mark(each.location, 'location');
    mark(each.resource, each.effect === 'pay' ? 'account' : 'resource');
    mark(each.amount, 'amount');
    mark(each.content, 'content');
  }
  return roles;
}

/** Every string and number of the arguments, with the part it plays; `whole` is false when there are more than are looked at. */
export function argumentLeaves(
  args: Readonly<Record<string, unknown>>,
  effects: readonly Effect[],
): { leaves: ArgumentLeaf[]; whole: boolean } {
  const roles = rolesOf(args, effects);
  const leaves: ArgumentLeaf[] = [];
  let whole = true;
  const walk = (value: unknown, path: readonly (string | number)[], inherited: ValueRole) => {
    if (leaves.length >= LEAVES_MAX) {
      whole = false;
      return;
    }
    const pointer = toPointer(path);
    const role = roles.get(pointer) ?? inherited;
    if (typeof value === 'string' || typeof value === 'number')
      leaves.push({ pointer, value: String(value), role });
    else if (Array.isArray(value)) for (const [i, each] of value.entries()) walk(each, [...path, i], role);
    else if (value !== null && typeof value === 'object') {
      for (const [key, each] of Object.entries(value)) walk(each, [...path, key], role);
    }
  };
  walk(args, [], 'other');
  return { leaves, whole };
}

/** An e-mail address, a URL or host, an IBAN, a file path: values that decide where something goes. */
const DESTINATION =
  /^[^\s@]+@[^\s@]+\.[^\s@]+$|^[a-z][a-z\d+.-]*:\/\/|^(www\.)?[a-z\d-]+(\.[a-z\d-]+)*\.[a-z]{2,}(\/|$)|^[a-z]{2}\d{2}( ?[a-z\d]){11,30}$|^(~|\.{0,2})?\/\S|^[a-z]:\\/i;

export const isDestination = (value: string): boolean => DESTINATION.test(value.trim());

const links = new LinkifyIt();
const ACCOUNT = /(?<![\p{L}\p{N}])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?![\p{L}\p{N}])/gu;
const PHONE = /(?<![\p{L}\p{N}+])\+\d(?:[ ().-]{0,2}\d){7,14}(?!\d)/gu;

/** A place inside a text that names where something would go, or whom to turn to. */
export type Embedded = { value: string; start: number; end: number };

/** Addresses, links, accounts and telephone numbers inside a text, in their order. Bounded by the text's length. */
export function embeddedDestinations(text: string): Embedded[] {
  const found: Embedded[] = (links.match(text) ?? []).map(({ raw, index, lastIndex }) => {
    // A quote may begin an address, yet never does.
    const start = index + (/^(?:mailto:|['"])*/i.exec(raw)?.[0].length ?? 0);
    return { value: text.slice(start, lastIndex), start, end: lastIndex };
  });
  for (const pattern of [ACCOUNT, PHONE]) {
    for (const match of text.matchAll(pattern)) {
      found.push({ value: match[0], start: match.index, end: match.index + match[0].length });
    }
  }
  return found.sort((a, b) => a.start - b.start);
}

const SQL_VALUE = /'((?:[^']|'')*)'|\$(\w*)\$(.*?)\$\2\$|(?<![\w.$])(\d{3,}(?:\.\d+)?)(?![\w.])/gs;

/** A statement is the agent's own text; what matter are the values it carries. */
export function literalsOf(statement: string): { value: string; start: number; end: number }[] {
  return [...statement.matchAll(SQL_VALUE)].map((m) => ({
    value: m[1]?.replaceAll("''", "'") ?? m[3] ?? m[4] ?? '',
    start: m.index,
    end: m.index + m[0].length,
  }));
}
