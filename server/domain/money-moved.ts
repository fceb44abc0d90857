import type { FootprintItem } from './footprint';

/** What a footprint pays, per currency as the call names it (`?` where it names none); null when an amount could not be read. */
export type MoneyMoved = { currency: string; amount: number }[];

const AMOUNT = /^(\d{1,15}(?:\.\d{1,6})?)(?: ([A-Z]{3}))?$/;

/**
 * Adds up what is paid. An amount that is no plain positive number is unknown, never zero: it is the agent's text. Currencies are not converted;
 * what names no three-letter code stands apart.
 */
export function moneyMoved(items: readonly FootprintItem[]): MoneyMoved | null {
  const sums = new Map<string, number>();
  for (const item of items) {
    if (item.operation !== 'pay') continue;
    const [, amount, currency = '?'] = (item.kind === 'money' && AMOUNT.exec(item.resource)) || [];
    if (amount === undefined || item.count === null) return null;
    sums.set(currency, (sums.get(currency) ?? 0) + Number(amount));
  }
  return [...sums].map(([currency, amount]) => ({ currency, amount })).sort((a, b) => b.amount - a.amount);
}

/** In words, with nothing in them but numbers and currency codes. */
export const inMoney = (moved: MoneyMoved | null): string =>
  moved === null
    ? 'an unknown amount'
    : moved
        .map(({ currency, amount }) =>
          currency === '?' ? amount.toLocaleString('en') : `${amount.toLocaleString('en')} ${currency}`,
        )
        .join(' and ');
