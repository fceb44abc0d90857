import type { BlastRadius } from './blast-radius';
import { isSensitive } from './blast-radius';
import type { Footprint, FootprintItem } from './footprint';
import { moneyWords } from './money';
import type { Operation } from './vocabulary';

const VERBS: Record<Operation, [verb: string, preposition: string]> = {
  read: ['Read', 'of'],
  insert: ['Insert', 'into'],
  update: ['Update', 'in'],
  delete: ['Delete', 'from'],
  truncate: ['Empty', 'of'],
  lock: ['Lock', 'of'],
  define: ['Change the definition', 'of'],
  write: ['Write', 'to'],
  send: ['Send', 'to'],
  share: ['Share', 'with'],
  pay: ['Pay', 'to'],
  invite: ['Invite', 'to'],
  grant: ['Grant', 'to'],
  execute: ['Run', 'on'],
};
/** The most consequential operation comes first. */
const WEIGHT: Operation[] = [
  'define',
  'truncate',
  'delete',
  'update',
  'insert',
  'write',
  'pay',
  'grant',
  'share',
  'send',
  'invite',
  'execute',
  'lock',
  'read',
];

export const plural = (n: number, one: string, more = `${one}s`): string =>
  `${n.toLocaleString('en')} ${n === 1 ? one : more}`;

/** Joins words as a person would: a, b and c. */
export function listed(words: readonly string[]): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

const shortName = (resource: string): string => resource.replace(/^public\./, '');

const UNITS: Partial<Record<FootprintItem['kind'], string>> = {
  relation: 'row',
  audience: 'recipient',
  file: 'file',
};
/** What happens to a file, where it is not what happens to a row. */
const FILE_VERBS: Partial<Record<Operation, string>> = { insert: 'Create', update: 'Change' };

function counted(item: FootprintItem): string {
  const unit = UNITS[item.kind] ?? 'item';
  if (item.count === null) return `an unknown number of ${unit}s`;
  return `${item.provenance === 'estimated' ? 'about ' : ''}${plural(item.count, unit)}`;
}

/** What a tool's arguments name is the agent's text: the sentence says through which tool, and the item beside it shows the name. */
const fromArguments = (item: FootprintItem): boolean => item.kind === 'resource' || item.kind === 'money';

/** The amount is the one thing of the arguments that the sentence says: a number and a currency are nobody's words. */
function moneyClause(item: FootprintItem, tool: string): string {
  const amount =
    item.count === null || item.money === undefined
      ? 'an unknown amount'
      : moneyWords({ ...item.money, minor: item.count });
  return item.operation === 'pay'
    ? `Pay ${amount} through ${tool}`
    : `${VERBS[item.operation][0]} ${amount} through ${tool}`;
}

/** Whom it reaches, in numbers; no name of a recipient, which is the agent's text. */
function reachedBy(footprint: Footprint, item: FootprintItem): string {
  const { audience } = footprint;
  if (audience === undefined) return counted(item);
  const anyone = audience.unbounded.some((way) => way.why === 'anyone');
  if (anyone && audience.resolved === 0) return 'anyone with the link';
  const people = plural(audience.resolved, 'person', 'people');
  const unknown = 'an unknown number of people';
  const open = audience.resolved === 0 ? unknown : `${unknown} (${people} known)`;
  const known = item.count === null ? open : people;
  return anyone ? `${known} and anyone with the link` : known;
}

/** Who of them must not see it, and who else may come to. */
function clearanceWords({ audience }: Footprint): string[] {
  if (audience === undefined) return [];
  const words: string[] = [];
  const lacks = [...new Set(audience.members.flatMap((m) => m.lacks))].sort();
  if (audience.lacking === null) words.push('Who of them is cleared for it is not known.');
  else if (audience.lacking > 0) {
    const all = audience.lacking === audience.resolved;
    const who = all
      ? audience.lacking === 1
        ? 'That person has'
        : 'All of them have'
      : `${audience.lacking.toLocaleString('en')} of them ${audience.lacking === 1 ? 'has' : 'have'}`;
    words.push(`${who} no clearance for ${listed(lacks)}.`);
  }
  if (audience.unbounded.some((way) => way.why !== 'anyone'))
    words.push('Others could join and see it later.');
  return words;
}

function clause(item: FootprintItem, tool: string, footprint: Footprint): string {
  const [verb, preposition] = VERBS[item.operation];
  if (item.kind === 'file') {
    return `${FILE_VERBS[item.operation] ?? verb} ${counted(item)} in ${item.target ?? 'a tree'}`;
  }
  // The operation is named as the service's document names it, never as the agent filled it in.
  if (item.kind === 'request') {
    return `${verb} ${counted(item)} through ${item.resource} on ${item.target ?? 'a service'}`;
  }
  if (item.kind === 'money') return moneyClause(item, tool);
  if (fromArguments(item)) return `${verb} ${counted(item)} through ${tool}`;
  if (item.operation === 'define') return `${verb} ${preposition} ${shortName(item.resource)}`;
  if (item.kind === 'sequence') return `Advance the sequence ${shortName(item.resource)}`;
  if (item.kind === 'audience') return `${verb} ${preposition} ${reachedBy(footprint, item)}`;
  return `${verb} ${counted(item)} ${preposition} ${shortName(item.resource)}`;
}

/** The direct items worth a sentence: what it changes; what it reads only when it changes nothing. */
function headline(footprint: Footprint): FootprintItem[] {
  const direct = footprint.items.filter(
    (i) => i.via === undefined && i.kind !== 'function' && !(i.kind === 'resource' && i.restates === true),
  );
  const changing = direct.filter((i) => i.operation !== 'read');
  return (changing.length > 0 ? changing : direct).sort(
    (a, b) =>
      WEIGHT.indexOf(a.operation) - WEIGHT.indexOf(b.operation) || (b.count ?? 1e15) - (a.count ?? 1e15),
  );
}

/** Whose data it is and of what kind: the part after the colon. */
function about(radius: BlastRadius): string {
  const classes = radius.classes.filter(isSensitive);
  const people =
    radius.people === null ? 'an unknown number of people' : plural(radius.people, 'person', 'people');
  if (classes.length === 0) return radius.people ? `, about ${people}` : '';
  return radius.people === 0 ? `: ${listed(classes)} data` : `: ${listed(classes)} data of ${people}`;
}

/**
 * One sentence a reviewer can act on, made from the footprint and nothing else: no word of it comes from the agent. The
 * tool's name is its operator's.
 */
export function sentenceFor(tool: string, footprint: Footprint, radius: BlastRadius): string {
  if (footprint.forbidden) return `Refused: ${footprint.forbidden.message}`;
  const items = headline(footprint);
  const shown = items.slice(0, 3).map((item) => clause(item, tool, footprint));
  const first = shown[0];
  const body = first
    ? listed([first, ...shown.slice(1).map((c) => c.charAt(0).toLowerCase() + c.slice(1))]) +
      (items.length > 3 ? ` and ${plural(items.length - 3, 'more place')}` : '')
    : `Run ${tool}, whose effect is not known`;
  const indirect = radius.rowsReachedIndirectly;
  const reached =
    indirect === null
      ? ', plus an unknown number through cascades or triggers'
      : indirect > 0
        ? `, plus ${indirect.toLocaleString('en')} more through cascades or triggers`
        : '';
  const ends: string[] = clearanceWords(footprint);
  if (radius.unknowns > 0) ends.push(`${plural(radius.unknowns, 'fact')} could not be measured.`);
  if (!radius.reversible) ends.push('Cannot be undone.');
  return [`${body}${reached}${about(radius)}.`, ...ends].join(' ');
}
