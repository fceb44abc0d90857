import { ClockAlert, Hourglass } from 'lucide-react';
import type { ReactNode } from 'react';
import { cn } from '@/components/ui/cn';
import { Link } from '@/components/ui/link';
import { counted, countWords } from '@/components/ui/number-words';
import type { HomeView } from '@/server/domain/home-views';
import { LEVELS } from '@/server/domain/vocabulary';
import { LevelBar, LevelCounts } from './level-bar';

function Figure({ label, value, tone, icon, note }: FigureProps) {
  return (
    <div className="min-w-0">
      <dt className="text-soft text-sm">{label}</dt>
      <dd>
        <span
          className={cn(
            'tabular flex items-center gap-2 font-semibold text-3xl [&_svg]:size-5.5',
            tone === 'hold' && 'text-hold-text',
          )}
        >
          {icon}
          {value}
        </span>
        <span className="mt-0.5 block text-faint text-sm">{note}</span>
      </dd>
    </div>
  );
}
type FigureProps = {
  label: string;
  value: string;
  tone?: 'hold' | null;
  icon?: ReactNode;
  note: ReactNode;
};

/** Holds that are open, that run out of time, that ran out of it. */
export function Waiting({ home }: { home: HomeView }) {
  const open = LEVELS.reduce((sum, level) => sum + home.open[level], 0);
  return (
    <section
      aria-label="Holds"
      className="rounded-xl border border-line bg-surface px-4 py-4 shadow-card sm:px-5"
    >
      <dl className="grid gap-x-8 gap-y-5 grid-cols-2 sm:grid-cols-[2fr_1fr_1fr]">
        <div className="col-span-2 min-w-0 sm:col-span-1">
          <dt className="text-soft text-sm">Waiting for a decision</dt>
          <dd>
            <Link
              href="/inbox?view=held"
              className="tabular inline-block rounded-sm font-semibold text-3xl underline-offset-4 hover:underline"
            >
              {countWords(open)}
              <span className="sr-only"> held actions, open the inbox</span>
            </Link>
            {open > 0 ? (
              <>
                <LevelBar counts={home.open} className="mt-2" />
                <LevelCounts counts={home.open} className="mt-2" />
              </>
            ) : (
              <span className="mt-0.5 block text-faint text-sm">Nothing is held right now.</span>
            )}
          </dd>
        </div>
        <Figure
          label="Running out of time"
          value={countWords(home.late)}
          tone={home.late > 0 ? 'hold' : null}
          icon={home.late > 0 ? <ClockAlert aria-hidden /> : null}
          note="less than a quarter left"
        />
        <Figure
          label="Not decided in time"
          value={countWords(home.expired)}
          tone={home.expired > 0 ? 'hold' : null}
          icon={home.expired > 0 ? <Hourglass aria-hidden /> : null}
          note={
            home.expired > 0
              ? `${counted(home.expired, 'agent was', 'agents were')} left without an answer in 24 h`
              : 'in the last 24 hours'
          }
        />
      </dl>
    </section>
  );
}
