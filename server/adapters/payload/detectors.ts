import cardValidator from 'card-validator';
import { electronicFormatIBAN, isValidIBAN } from 'ibantools';
import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { LinkifyIt } from 'linkify-it';
import { stdnum } from 'stdnum';

/** Something a detector took for data, at these offsets of the text it was given. */
export type Detected = { start: number; end: number; class: string; detector: string };
export type Detector = (text: string) => Iterable<Detected>;

const links = new LinkifyIt({ fuzzyLink: false, fuzzyIP: false });
const CARD = /(?<![\p{L}\p{N}.-])\d(?:[ -]?\d){11,18}(?![\p{L}\p{N}]|[.-]\d)/gu;
const ACCOUNT = /(?<![\p{L}\p{N}])[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]){11,30}(?![\p{L}\p{N}])/giu;
const PHONE = /(?<![\p{L}\p{N}.,@/+-])(?:\+|00)[1-9](?:[ ().\-/]{0,2}\d){7,14}(?!\d)/gu;
/** As it is written in North America; elsewhere a number without its country could be any number. */
const LOCAL_PHONE = /(?<![\p{L}\p{N}.,@/-])(?:\(\d{3}\) ?|\d{3}-)\d{3}-\d{4}(?![\p{N}-])/gu;
const NAMED_PHONE =
  /(?:tel|phone|mobile|cell|fax|call|whatsapp|sms|handy|telefon)[^\d\n]{0,12}(0\d(?:[ ().\-/]{0,2}\d){7,12})(?!\d)/giu;
const HOME_COUNTRIES = ['GB', 'DE', 'FR', 'ES', 'IT', 'NL', 'AU', 'IN'] as const;

function* emails(text: string): Iterable<Detected> {
  if (!text.includes('@')) return;
  for (const { schema, index, lastIndex, raw } of links.match(text) ?? []) {
    if (schema !== 'mailto:') continue;
    const start = index + (/^(?:mailto:|['"])*/i.exec(raw)?.[0].length ?? 0);
    yield { start, end: lastIndex, class: 'personal', detector: 'email' };
  }
}

function* cards(text: string): Iterable<Detected> {
  for (const { 0: run, index } of text.matchAll(CARD)) {
    const { isValid } = cardValidator.number(run.replace(/\D/g, ''));
    // All zeros or all ones pass the check and are nobody's.
    if (isValid && new Set(run.replace(/\D/g, '')).size > 1)
      yield { start: index, end: index + run.length, class: 'financial', detector: 'payment_card' };
  }
}

function* accounts(text: string): Iterable<Detected> {
  for (const { 0: run, index } of text.matchAll(ACCOUNT)) {
    // What follows an account may look like more of it: the longest valid beginning counts.
    for (let end = run.length; end >= 15; end -= 1) {
      if (
        !/[A-Z0-9]/i.test(run[end - 1] ?? '') ||
        !isValidIBAN(electronicFormatIBAN(run.slice(0, end)) ?? '')
      )
        continue;
      yield { start: index, end: index + end, class: 'financial', detector: 'iban' };
      break;
    }
  }
}

function* phones(text: string): Iterable<Detected> {
  const found = (index: number, run: string): Detected => ({
    start: index,
    end: index + run.length,
    class: 'personal',
    detector: 'phone',
  });
  for (const { 0: run, index } of text.matchAll(PHONE)) {
    if (parsePhoneNumberFromString(run.replace(/^00/, '+'))?.isValid()) yield found(index, run);
  }
  for (const { 0: run, index } of text.matchAll(LOCAL_PHONE)) {
    if (parsePhoneNumberFromString(run, 'US')?.isValid()) yield found(index, run);
  }
  for (const match of text.matchAll(NAMED_PHONE)) {
    const run = match[1] ?? '';
    if (HOME_COUNTRIES.some((country) => parsePhoneNumberFromString(run, country)?.isValid()))
      yield found(match.index + match[0].length - run.length, run);
  }
}

type NationalId = { country: keyof typeof stdnum; kind: string; pattern: RegExp; named?: RegExp };
const STANDING = (body: string): RegExp =>
  new RegExp(`(?<![\\p{L}\\p{N}.-])${body}(?![\\p{L}\\p{N}]|[.-]\\d)`, 'giu');
/** Numbers whose form and check digits hardly anything else has; those that a random number often passes need to be called by name nearby. */
const NATIONAL_IDS: readonly NationalId[] = [
  { country: 'NO', kind: 'fodselsnummer', pattern: STANDING('\\d{6} ?\\d{5}') },
  { country: 'SE', kind: 'personnummer', pattern: STANDING('(?:\\d{2})?\\d{6}[-+]\\d{4}') },
  { country: 'FI', kind: 'hetu', pattern: STANDING('\\d{6}[-+A]\\d{3}[0-9A-Z]') },
  { country: 'ES', kind: 'dni', pattern: STANDING('\\d{8}-?[A-Z]') },
  { country: 'ES', kind: 'nie', pattern: STANDING('[XYZ]-?\\d{7}-?[A-Z]') },
  { country: 'IT', kind: 'codicefiscale', pattern: STANDING('[A-Z]{6}\\d{2}[A-Z]\\d{2}[A-Z]\\d{3}[A-Z]') },
  {
    country: 'FR',
    kind: 'nir',
    pattern: STANDING('[12] ?\\d{2} ?\\d{2} ?\\d[\\dAB] ?\\d{3} ?\\d{3} ?\\d{2}'),
  },
  { country: 'BE', kind: 'nn', pattern: STANDING('\\d{2}\\.?\\d{2}\\.?\\d{2}-?\\d{3}\\.?\\d{2}') },
  { country: 'MX', kind: 'curp', pattern: STANDING('[A-Z]{4}\\d{6}[HM][A-Z]{5}[A-Z0-9]\\d') },
  { country: 'CN', kind: 'ric', pattern: STANDING('\\d{17}[\\dX]') },
  { country: 'BR', kind: 'cpf', pattern: STANDING('\\d{3}\\.\\d{3}\\.\\d{3}-\\d{2}') },
  { country: 'PL', kind: 'pesel', pattern: STANDING('\\d{11}'), named: /pesel/i },
  { country: 'NL', kind: 'bsn', pattern: STANDING('\\d{9}'), named: /bsn|burgerservice|sofi/i },
  { country: 'US', kind: 'ssn', pattern: STANDING('\\d{3}-\\d{2}-\\d{4}') },
  { country: 'GB', kind: 'nino', pattern: STANDING('[A-Z]{2} ?\\d{2} ?\\d{2} ?\\d{2} ?[A-D]') },
  {
    country: 'CA',
    kind: 'sin',
    pattern: STANDING('\\d{3}[ -]\\d{3}[ -]\\d{3}'),
    named: /\bsin\b|social insurance/i,
  },
];
const NEARBY = 60;

type Checks = Record<string, { validate(value: string): { isValid: boolean } } | undefined>;
/** Whether the library knows the number. Anything it does not know is taken by its form alone: a finding too many costs a look. */
function checks({ country, kind }: NationalId, run: string): boolean {
  const validator = (stdnum[country] as unknown as Checks)[kind];
  return validator === undefined ? true : validator.validate(run).isValid;
}

function* nationalIds(text: string): Iterable<Detected> {
  if (!/\d{2}/.test(text)) return;
  for (const id of NATIONAL_IDS) {
    if (id.named !== undefined && !id.named.test(text)) continue;
    for (const { 0: run, index } of text.matchAll(id.pattern)) {
      if (id.named !== undefined && !id.named.test(text.slice(Math.max(0, index - NEARBY), index))) continue;
      if (!checks(id, run)) continue;
      const detector = `national_id.${id.country.toLowerCase()}`;
      yield { start: index, end: index + run.length, class: 'personal', detector };
    }
  }
}

export const DETECTORS: readonly Detector[] = [emails, cards, accounts, phones, nationalIds];
