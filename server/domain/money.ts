import { currenciesNamed, exponentOf } from './currencies';

/** An amount in whole minor units of a currency of ISO 4217 (`exponent` of its digits are minor units). */
export type Money = { currency: string; minor: number; exponent: number };
export type MoneyReading =
  /** `note` says how it was read when it could have been read otherwise: always as the larger amount. */
  { ok: true; money: Money; note?: string } | { ok: false; why: string };

/** In which units a tool takes amounts. */
export const AMOUNT_UNITS = ['major', 'minor'] as const;
export type AmountUnit = (typeof AMOUNT_UNITS)[number];

const no = (why: string): MoneyReading => ({ ok: false, why });

/** Digits before and after the decimal separator. */
type Decimal = { whole: string; fraction: string; note?: string };

const TEXT =
  /^(?<before>[\p{Sc}\p{L}]{0,6})\s*(?<minus>[-\u2212\u2013])?\s*(?<after>[\p{Sc}\p{L}]{0,6})\s*(?<number>\d[\d.,'\u2019\s_]*)\s*(?<end>[\p{Sc}\p{L}]{0,6})$/u;
/** Thousands, or the Indian 1,00,000. */
const GROUPED = /^\d{1,3}(,\d{3})+$|^\d{1,2}(,\d{2})*,\d{3}$/;

/** `1,200.50`, `1.200,50`, `1 200`, `1'200.5`: null when the separators do not make sense. */
function readNumber(text: string): Decimal | null {
  const spaced = text.trim().replace(/['\u2019_]|\s+/g, ' ');
  if (/ /.test(spaced) && !/^\d{1,3}( \d{3})+([.,]\d+)?$/.test(spaced)) return null;
  const plain = spaced.replaceAll(' ', '');
  const marks = [...plain].filter((c) => c === '.' || c === ',');
  const last = marks.at(-1);
  if (last === undefined) return { whole: plain, fraction: '' };
  const [first] = marks;
  const at = plain.lastIndexOf(last);
  const [head, tail] = [plain.slice(0, at), plain.slice(at + 1)];
  if (tail === '') return null;
  const ungrouped = (digits: string): string | null =>
    /^\d+$/.test(digits)
      ? digits
      : GROUPED.test(digits.replaceAll('.', ','))
        ? digits.replace(/[.,]/g, '')
        : null;
  if (marks.length === 1) return oneMark(head, tail, / /.test(spaced));
  if (marks.every((mark) => mark === last)) {
    const whole = ungrouped(plain);
    return whole === null ? null : { whole, fraction: '' };
  }
  // Both marks: the last one separates the decimals, and only the other may stand before it.
  if (head.includes(last) || first === last) return null;
  const whole = ungrouped(head);
  return whole === null ? null : { whole, fraction: tail };
}

/** `1,200` is one thousand two hundred or one and a fifth; the larger is taken, since a guess must not make an amount smaller. */
function oneMark(head: string, tail: string, hasGroups: boolean): Decimal {
  const ambiguous = tail.length === 3 && /^[1-9]\d{0,2}$/.test(head) && !hasGroups;
  return ambiguous
    ? { whole: head + tail, fraction: '', note: `read as ${Number(head + tail).toLocaleString('en')}` }
    : { whole: head, fraction: tail };
}

type Found = { decimal: Decimal; signs: string[] } | { why: string };

function findAmount(amount: unknown): Found {
  if (typeof amount === 'number') {
    if (!Number.isFinite(amount)) return { why: 'The amount is not a number.' };
    if (amount < 0) return { why: `The amount is negative (${amount}).` };
    if (amount >= 1e21) return { why: 'The amount is too large to be counted.' };
    // Numbers below a millionth print with an exponent; they are less than any minor unit.
    const [whole = '0', fraction = ''] =
      amount > 0 && amount < 1e-6 ? ['0', '0001'] : String(amount).split('.');
    return { decimal: { whole, fraction }, signs: [] };
  }
  if (typeof amount !== 'string') return { why: 'The amount is neither a number nor text.' };
  if (amount.length > 60) return { why: 'The amount is longer than any amount.' };
  const text = amount.normalize('NFKC').trim();
  const parts = TEXT.exec(text)?.groups;
  const number = parts?.number === undefined ? null : readNumber(parts.number);
  if (parts === undefined || number === null) return { why: 'The amount cannot be read as a number.' };
  if (parts.minus !== undefined) return { why: 'The amount is negative.' };
  const signs = [parts.before, parts.after, parts.end].filter((s): s is string => Boolean(s));
  return { decimal: number, signs };
}

/** The one currency that everything said about it allows. */
function agree(signs: readonly string[], currency: unknown): { code: string } | { why: string } {
  const said: unknown[] = currency === undefined || currency === null ? [...signs] : [...signs, currency];
  if (said.length === 0) return { why: 'No currency is named.' };
  const named = said.map((each) => (typeof each === 'string' ? [...currenciesNamed(each)] : []));
  if (named.some((codes) => codes.length === 0)) return { why: 'The currency is not one of ISO 4217.' };
  const [code, ...more] = named.reduce((one, other) => one.filter((each) => other.includes(each)));
  if (code === undefined) return { why: 'The amount and the currency name different currencies.' };
  return more.length > 0 ? { why: 'The sign stands for several currencies.' } : { code };
}

/** Whole minor units, rounded up: what is finer than the currency knows never makes an amount smaller. */
function toMinor({ whole, fraction }: Decimal, exponent: number): number | null {
  const kept = fraction.slice(0, exponent).padEnd(exponent, '0');
  const rest = /[1-9]/.test(fraction.slice(exponent)) ? 1n : 0n;
  const minor = BigInt(whole + kept) + rest;
  return minor <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(minor) : null;
}

/**
 * Reads an amount as tools take them: numbers, `1,200.50`, `€ 35`, `35 EUR`, whole minor units. What cannot be read for certain, has no
 * known currency or is negative is refused with the reason: it is unknown, never zero.
 */
export function readMoney(amount: unknown, currency: unknown, unit: AmountUnit): MoneyReading {
  const found = findAmount(amount);
  if ('why' in found) return no(found.why);
  const agreed = agree(found.signs, currency);
  if ('why' in agreed) return no(agreed.why);
  const exponent = exponentOf(agreed.code) ?? 0;
  const minor = toMinor(found.decimal, unit === 'minor' ? 0 : exponent);
  if (minor === null) return no('The amount is too large to be counted.');
  const { note } = found.decimal;
  const money = { currency: agreed.code, minor, exponent };
  return note === undefined ? { ok: true, money } : { ok: true, money, note };
}

/** The amount as people write it: `1,200.50 EUR`. */
export function moneyWords({ currency, minor, exponent }: Money): string {
  const digits = String(minor).padStart(exponent + 1, '0');
  const whole = BigInt(digits.slice(0, digits.length - exponent)).toLocaleString('en');
  return `${whole}${exponent > 0 ? `.${digits.slice(-exponent)}` : ''} ${currency}`;
}
