import { plainForm } from './plain-form';
import { readWords, type Words } from './word-index';

/** The parts a value consists of, each in every way it can be written: a source has the value when it has each part in one of them. */
export type ValueForms = readonly (readonly Words[])[];

const MONTHS = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];
/** Longer than this, a text is compared by its runs of words, not as one value. */
const VALUE_WORDS_MAX = 64;

const words = (texts: readonly string[]): Words[] => [...new Set(texts)].map((text) => readWords(text));
const two = (n: number): string => String(n).padStart(2, '0');

const NUMBER = /^[+-]?(\d{1,3}(?:[ ,.'\u00a0]\d{3})+|\d+)(?:[.,](\d{1,6}))?$/;

/** 2200, 2,200, 2.200,00 and 2 200.00 are one number. */
function numberTexts(value: string): string[] | null {
  const match = NUMBER.exec(value);
  if (match === null) return null;
  const whole = (match[1] ?? '').replace(/\D/g, '');
  const decimals = (match[2] ?? '').replace(/0+$/, '');
  const tails = decimals === '' ? ['', '.0', '.00'] : [`.${decimals}`, `.${decimals.padEnd(2, '0')}`];
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return [whole, grouped].flatMap((digits) => tails.map((tail) => digits + tail));
}

type Day = { year: number | null; month: number; day: number };
const NAMED = `(${MONTHS.map((name) => `${name.slice(0, 3)}(?:${name.slice(3)})?`).join('|')})`;
const ORDINAL = '(\\d{1,2})(?:st|nd|rd|th)?';
const DAY_FIRST = new RegExp(`^${ORDINAL}(?: of)? ${NAMED}\\.?(?:,? (\\d{4}))?$`);
const MONTH_FIRST = new RegExp(`^${NAMED}\\.? ${ORDINAL}(?:,? (\\d{4}))?$`);
const monthOf = (name: string): number => MONTHS.findIndex((m) => m.startsWith(name.slice(0, 3))) + 1;

const isDay = ({ month, day }: Day): boolean => month >= 1 && month <= 12 && day >= 1 && day <= 31;

/** A date as people and programs write it; two readings where day and month could be either. */
function daysOf(text: string): Day[] {
  const iso = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$/.exec(text);
  if (iso) return [{ year: Number(iso[1]), month: Number(iso[2]), day: Number(iso[3]) }].filter(isDay);
  const other = /^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})$/.exec(text);
  if (other) {
    const [a, b, year] = [Number(other[1]), Number(other[2]), Number(other[3])];
    return [
      { year, month: b, day: a },
      { year, month: a, day: b },
    ].filter(isDay);
  }
  const dayFirst = DAY_FIRST.exec(text);
  const monthFirst = dayFirst === null ? MONTH_FIRST.exec(text) : null;
  const [day, month, year] = dayFirst
    ? [dayFirst[1], dayFirst[2], dayFirst[3]]
    : [monthFirst?.[2], monthFirst?.[1], monthFirst?.[3]];
  if (day === undefined || month === undefined) return [];
  return [{ day: Number(day), month: monthOf(month), year: year ? Number(year) : null }].filter(isDay);
}

function dayTexts({ year, month, day }: Day): string[] {
  const name = MONTHS[month - 1] ?? '';
  const names = [name, name.slice(0, 3)];
  const suffix =
    day % 10 === 1 && day !== 11
      ? 'st'
      : day % 10 === 2 && day !== 12
        ? 'nd'
        : day % 10 === 3 && day !== 13
          ? 'rd'
          : 'th';
  const days = [`${day}`, `${day}${suffix}`];
  const tails = year === null ? [''] : [` ${year}`, ''];
  const spoken = names.flatMap((m) =>
    days.flatMap((d) =>
      tails.flatMap((tail) => [`${m} ${d}${tail}`, `${d} ${m}${tail}`, `${d} of ${m}${tail}`]),
    ),
  );
  if (year === null) return spoken;
  const figures = [
    [String(year), two(month), two(day)],
    [two(day), two(month), String(year)],
    [two(month), two(day), String(year)],
    [String(year), String(month), String(day)],
    [String(day), String(month), String(year)],
    [String(month), String(day), String(year)],
  ];
  return [...spoken, ...figures.map((f) => f.join(' '))];
}

function timeTexts(hour: number, minute: number): string[] {
  const half = hour % 12 === 0 ? 12 : hour % 12;
  const noon = hour < 12 ? 'am' : 'pm';
  const clock = [`${two(hour)} ${two(minute)}`, `${hour} ${two(minute)}`, `${half} ${two(minute)}`];
  return minute === 0 ? [...clock, `${half} ${noon}`, `${half}${noon}`] : clock;
}

const WITH_TIME = /^(.*?)[t ,]+(?:at )?(\d{1,2}):(\d{2})(?::\d{2}(?:\.\d+)?)?(?: ?z|[+-]\d{2}:?\d{2})?$/;

function dateForms(value: string): ValueForms | null {
  const timed = WITH_TIME.exec(value);
  const days = daysOf(timed?.[1]?.trim() ?? value);
  if (days.length === 0) return null;
  const day = words(days.flatMap(dayTexts));
  if (timed === null) return [day];
  return [day, words(timeTexts(Number(timed[2]), Number(timed[3])))];
}

/** Every way in which a value can be written where it was read: numbers with other separators, dates in other notations, any punctuation between words. */
export function formsOf(value: string): ValueForms {
  const plain = plainForm(value).trim().replace(/\s+/g, ' ');
  const dated = plain.length <= 40 ? dateForms(plain) : null;
  if (dated !== null) return dated;
  const numbers = plain.length <= 40 ? numberTexts(plain) : null;
  const whole = readWords(plain, VALUE_WORDS_MAX + 1);
  if (whole.count > VALUE_WORDS_MAX) return [];
  return [[whole, ...(numbers === null ? [] : words(numbers))]];
}
