import { countWords } from '@/components/ui/number-words';
import type { MandateLimits, Spent } from '@/server/domain/mandate';
import { BUDGETS, LISTS } from './limits-text';

/** What a mandate allows, in words, with what was spent of it. */
export function LimitsFacts({ limits, spent }: { limits: MandateLimits; spent?: Spent }) {
  const lists = LISTS.filter(({ key }) => limits[key] !== undefined);
  const budgets = BUDGETS.filter(({ key }) => limits.budget?.[key] !== undefined);
  if (lists.length === 0 && budgets.length === 0) {
    return <p className="text-base text-soft">It names nothing, so it limits nothing but its time.</p>;
  }
  return (
    <dl className="grid content-start gap-x-4 gap-y-2 text-base sm:grid-cols-[10rem_minmax(0,1fr)]">
      {lists.map(({ key, label }) => (
        <div key={key} className="contents">
          <dt className="text-faint text-sm sm:pt-0.5">{label}</dt>
          <dd className="[overflow-wrap:anywhere]">{limits[key]?.join(', ') || 'none'}</dd>
        </div>
      ))}
      {budgets.map(({ key, label }) => {
        const most = limits.budget?.[key] ?? 0;
        const used = spent?.[key];
        return (
          <div key={key} className="contents">
            <dt className="text-faint text-sm sm:pt-0.5">{label}</dt>
            <dd className="tabular">
              {used === undefined ? (
                <>at most {countWords(most)}</>
              ) : (
                <>
                  <span className={used >= most ? 'font-medium text-hold-text' : 'font-medium'}>
                    {countWords(Math.min(used, most))}
                  </span>{' '}
                  <span className="text-soft">of {countWords(most)} spent</span>
                </>
              )}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}
