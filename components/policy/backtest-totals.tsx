import type { BacktestTotals as Totals } from '@/server/domain/backtest';

const WORDS: Record<string, string> = { allow: 'allowed', hold: 'held', deny: 'denied' };
const said = (pair: string): string => {
  const [from = '', to = ''] = pair.split('>');
  return `${WORDS[from] ?? from} → ${WORDS[to] ?? to}`;
};
const number = (n: number): string => n.toLocaleString('en', { maximumFractionDigits: n < 10 ? 1 : 0 });

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div>
      <dt className="text-faint text-sm">{name}</dt>
      <dd className="tabular mt-0.5 font-medium text-lg">{children}</dd>
    </div>
  );
}

/** What a replay over the recorded actions came to. */
export function BacktestTotals({
  totals,
  perReviewerDay,
}: {
  totals: Totals;
  perReviewerDay: { before: number; after: number } | null;
}) {
  const moved = Object.entries(totals.verdicts).filter(([pair]) => pair.split('>')[0] !== pair.split('>')[1]);
  return (
    <div className="space-y-4">
      <dl className="grid grid-cols-2 gap-x-6 gap-y-4 sm:grid-cols-4">
        <Fact name="Actions replayed">{number(totals.judged)}</Fact>
        <Fact name="Would change">{number(totals.changed)}</Fact>
        <Fact name="Asked less">{number(totals.loosened)}</Fact>
        <Fact name="Holds per reviewer and day">
          {perReviewerDay ? `${number(perReviewerDay.before)} → ${number(perReviewerDay.after)}` : '–'}
        </Fact>
      </dl>
      {moved.length > 0 ? (
        <ul className="flex flex-wrap gap-x-5 gap-y-1 text-base">
          {moved.map(([pair, count]) => (
            <li key={pair}>
              {said(pair)}: <strong className="tabular font-semibold">{number(count)}</strong>
            </li>
          ))}
        </ul>
      ) : null}
      {totals.skipped > 0 ? (
        <p className="text-faint text-sm">
          {number(totals.skipped)} were recorded before what policy looks at was kept; nothing can be said
          about them.
        </p>
      ) : null}
    </div>
  );
}
