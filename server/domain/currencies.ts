import * as iso4217 from 'dinero.js/currencies';

/** Minor-unit digits by code. The two currencies of base five (MGA, MRU) are counted in hundredths, as ISO 4217 does. */
const EXPONENTS: ReadonlyMap<string, number> = new Map(
  Object.values(iso4217).map(({ code, base, exponent }) => [code, base === 10 ? exponent : 2]),
);

/** How many digits of the currency are minor units; null when ISO 4217 has no such currency. */
export const exponentOf = (code: string): number | null => EXPONENTS.get(code) ?? null;

/** Which currencies a sign can stand for: `€` for one, `$` for two dozen. Only signs, never letters alone: `kr` and `Rs` are too many things. */
const SIGNS: ReadonlyMap<string, ReadonlySet<string>> = (() => {
  const signs = new Map<string, Set<string>>();
  for (const code of EXPONENTS.keys()) {
    for (const currencyDisplay of ['symbol', 'narrowSymbol'] as const) {
      const parts = new Intl.NumberFormat('en', { style: 'currency', currency: code, currencyDisplay });
      const sign = parts.formatToParts(1).find((part) => part.type === 'currency')?.value ?? '';
      if (/\p{Sc}/u.test(sign)) signs.set(sign, (signs.get(sign) ?? new Set()).add(code));
    }
  }
  return signs.set('US$', new Set(['USD']));
})();

/** Every currency the text can mean: a code of ISO 4217 in any case, or a sign. Empty when it means none. */
export function currenciesNamed(text: string): ReadonlySet<string> {
  const plain = text.normalize('NFKC').trim();
  const code = plain.toUpperCase();
  if (EXPONENTS.has(code)) return new Set([code]);
  return SIGNS.get(plain) ?? new Set();
}
