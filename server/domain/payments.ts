import type { Effect } from './catalog';
import { hasHoles, type SelectedValue, type Selection, selectElements } from './json-path';
import { type Money, readMoney } from './money';

/** The payments one effect makes, summed per currency. `unreadable` says why an amount is not known; one of them makes the whole unknown. */
export type PaymentsReading = {
  totals: Money[];
  /** Payments that could be read. */
  count: number;
  unreadable: string[];
  notes: string[];
};

type Args = Readonly<Record<string, unknown>>;
type Currencies = (of: SelectedValue) => { currency: unknown } | { why: string };

const indexesOf = (path: readonly (string | number)[]): string => path.filter(Number.isInteger).join('/');

/** Which currency belongs to which amount: one for all, or the one in the same place of the list. */
function currenciesFor(expression: string | undefined, args: Args): Currencies {
  if (expression === undefined) return () => ({ currency: undefined });
  if (!expression.startsWith('$')) return () => ({ currency: expression });
  const { values } = selectElements(expression, args);
  const [only, ...more] = values;
  if (only !== undefined && more.length === 0 && indexesOf(only.path) === '') {
    return () => ({ currency: only.value });
  }
  const places = new Map(values.map((v) => [indexesOf(v.path), v.value]));
  const isOneEach = places.size === values.length;
  return (amount) => {
    const place = indexesOf(amount.path);
    return isOneEach && places.has(place)
      ? { currency: places.get(place) }
      : { why: 'It is not clear which currency belongs to the amount.' };
  };
}

const NONE: Selection = { values: [], missing: [], nulls: [] };

/**
 * Every amount of the effect in these arguments, summed per currency in minor units. An amount that is missing, cannot be read or overflows
 * is listed in `unreadable`; it never counts as zero.
 */
export function readPayments(effect: Effect, args: Args): PaymentsReading {
  const selection = effect.amount === undefined ? NONE : selectElements(effect.amount, args);
  const { values } = selection;
  const currencies = currenciesFor(effect.currency, args);
  const sums = new Map<string, Money>();
  const reading: PaymentsReading = { totals: [], count: 0, unreadable: [], notes: [] };
  if (effect.amount === undefined)
    reading.unreadable.push('The effect map does not say where the amount is.');
  else if (values.length === 0) reading.unreadable.push('The amount could not be found in the arguments.');
  else if (hasHoles(selection)) reading.unreadable.push('One of the payments has no amount.');
  for (const value of values) {
    const currency = currencies(value);
    const read =
      'why' in currency
        ? ({ ok: false, why: currency.why } as const)
        : readMoney(value.value, currency.currency, effect.amountIn ?? 'major');
    if (!read.ok) {
      reading.unreadable.push(read.why);
      continue;
    }
    const { money } = read;
    const minor = (sums.get(money.currency)?.minor ?? 0) + money.minor;
    if (!Number.isSafeInteger(minor))
      reading.unreadable.push('The amounts add up to more than can be counted.');
    else sums.set(money.currency, { ...money, minor });
    reading.count++;
    if (read.note !== undefined) reading.notes.push(read.note);
  }
  return {
    ...reading,
    totals: [...sums.values()].sort((a, b) => a.currency.localeCompare(b.currency)),
    unreadable: [...new Set(reading.unreadable)],
    notes: [...new Set(reading.notes)].slice(0, 5),
  };
}
