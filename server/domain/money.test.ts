import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exponentOf } from './currencies';
import { moneyWords, readMoney } from './money';

const words = (amount: unknown, currency?: unknown, unit: 'major' | 'minor' = 'major') => {
  const read = readMoney(amount, currency, unit);
  return read.ok ? moneyWords(read.money) : null;
};

describe('an amount of money in arguments', () => {
  test.each([
    [35, 'EUR', '35.00 EUR'],
    [1200.5, 'usd', '1,200.50 USD'],
    ['1,200.50', 'USD', '1,200.50 USD'],
    ['1.200,50', 'EUR', '1,200.50 EUR'],
    ['1 200,50', 'EUR', '1,200.50 EUR'],
    ['1\u202f200,50 €', undefined, '1,200.50 EUR'],
    ["CHF 1'200.50", undefined, '1,200.50 CHF'],
    ['€ 35', undefined, '35.00 EUR'],
    ['35 EUR', 'eur', '35.00 EUR'],
    ['US$5', undefined, '5.00 USD'],
    ['$5', 'USD', '5.00 USD'],
    ['¥500', 'JPY', '500 JPY'],
    ['1,00,000.00', 'INR', '100,000.00 INR'],
    ['1,234,567', 'USD', '1,234,567.00 USD'],
    [1.234, 'KWD', '1.234 KWD'],
    [0, 'EUR', '0.00 EUR'],
    ['0.125', 'EUR', '0.13 EUR'],
    [0.1 + 0.2, 'EUR', '0.31 EUR'],
    [1e-9, 'EUR', '0.01 EUR'],
    ['٣٥', 'EUR', null],
  ])('%j in %j is %j', (amount, currency, expected) => {
    expect(words(amount, currency)).toBe(expected);
  });

  test('counts in minor units where the tool does', () => {
    expect(words(120050, 'EUR', 'minor')).toBe('1,200.50 EUR');
    expect(words('500', 'JPY', 'minor')).toBe('500 JPY');
    expect(words(0.5, 'EUR', 'minor')).toBe('0.01 EUR');
  });

  test.each<[unknown, unknown, string]>([
    [35, undefined, 'no currency'],
    [35, 'XYZ', 'a code nobody has'],
    [35, 978, 'a number for a currency'],
    ['$5', undefined, 'a sign of many currencies'],
    ['€5', 'USD', 'two that contradict each other'],
    [-5, 'EUR', 'a negative number'],
    ['-5', 'EUR', 'negative text'],
    ['€-5', undefined, 'negative behind a sign'],
    ['(5)', 'EUR', 'negative in brackets'],
    ['', 'EUR', 'nothing'],
    ['all of it', 'EUR', 'words'],
    ['1.2k', 'EUR', 'a unit of its own'],
    ['1,2,3', 'EUR', 'groups of no size'],
    ['1.2.3,4,5', 'EUR', 'marks without order'],
    ['1 2', 'EUR', 'a gap within'],
    ['5.', 'EUR', 'an open end'],
    [{ value: 5 }, 'EUR', 'an object'],
    [[5], 'EUR', 'a list'],
    [null, 'EUR', 'null'],
    [Number.NaN, 'EUR', 'no number'],
    [1e300, 'EUR', 'more than can be counted'],
    ['9'.repeat(59), 'EUR', 'more digits than can be counted'],
    ['9'.repeat(500_000), 'EUR', 'half a megabyte of digits'],
  ])('%j in %j is unknown, never zero (%s)', (amount, currency, _why) => {
    expect(readMoney(amount, currency, 'major')).toMatchObject({ ok: false });
  });

  test('is read as the larger when a mark may group or separate, and says so', () => {
    expect(readMoney('1,200', 'USD', 'major')).toEqual({
      ok: true,
      money: { currency: 'USD', minor: 120_000, exponent: 2 },
      note: 'read as 1,200',
    });
    expect(words('1.200', 'EUR')).toBe('1,200.00 EUR');
    expect(words('12,34', 'EUR')).toBe('12.34 EUR');
    expect(words('0,125', 'EUR')).toBe('0.13 EUR');
  });

  test('is never less than what was written, whatever the currency', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 10_000_000 }),
        fc.integer({ min: 0, max: 99 }),
        fc.constantFrom('EUR', 'USD', 'JPY', 'KWD', 'MGA'),
        (whole, cents, currency) => {
          const plain = `${whole}.${String(cents).padStart(2, '0')}`;
          const grouped = `${whole.toLocaleString('en')}.${String(cents).padStart(2, '0')}`;
          for (const amount of [plain, grouped, Number(plain), `${plain} ${currency}`]) {
            const read = readMoney(amount, currency, 'major');
            expect(read.ok).toBe(true);
            if (!read.ok) return;
            const minor = Number(plain) * 10 ** (exponentOf(currency) ?? 0);
            expect(read.money.minor).toBeGreaterThanOrEqual(Math.floor(minor));
            expect(read.money.minor).toBeLessThanOrEqual(Math.ceil(minor) + 1);
          }
        },
      ),
    );
  });
});
