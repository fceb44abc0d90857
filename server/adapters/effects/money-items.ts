import type { EffectReading } from '@/server/domain/effect-reading';
import type { FootprintItem, UnknownFact } from '@/server/domain/footprint';
import { moneyWords } from '@/server/domain/money';

type Parts = { items: FootprintItem[]; unknowns: UnknownFact[] };

/** One item per currency, and one without an amount as soon as a single payment could not be read. */
export function moneyItems(reading: EffectReading, base: FootprintItem, tool: string): Parts {
  const { payments } = reading;
  if (payments === null) return { items: [], unknowns: [] };
  const notes = [
    ...(payments.count > 1 ? [`${payments.count} payments`] : []),
    ...payments.notes.map((note) => `an amount was ${note}`),
  ];
  const totals = payments.totals.map(
    (money): FootprintItem => ({
      ...base,
      kind: 'money',
      resource: moneyWords(money),
      count: money.minor,
      money: { currency: money.currency, exponent: money.exponent },
      provenance: 'declared',
      ...(notes.length > 0 ? { note: notes.join('; ') } : {}),
    }),
  );
  if (payments.unreadable.length === 0) return { items: totals, unknowns: [] };
  const hole: FootprintItem = {
    ...base,
    kind: 'money',
    resource: 'an unknown amount',
    count: null,
    provenance: 'unknown',
  };
  return {
    items: [...totals, hole],
    unknowns: payments.unreadable.map((message) => ({ code: 'amount_unknown', resource: tool, message })),
  };
}
