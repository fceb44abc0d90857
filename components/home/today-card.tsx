'use client';
import dynamic from 'next/dynamic';
import { useState, useSyncExternalStore } from 'react';
import { Card } from '@/components/ui/card';
import { cn } from '@/components/ui/cn';
import { countWords } from '@/components/ui/number-words';
import { Skeleton } from '@/components/ui/skeleton';
import { Table, Td, Th, Tr } from '@/components/ui/table';
import type { UsageHourView } from '@/server/domain/home-views';
import { todayAgainstUsual, USAGE_METRICS, type UsageMetric, type UsualPoint } from './usual';

// The chart's library is most of this page's weight: everything else is there before it.
const UsualChart = dynamic(() => import('./usual-chart').then((module) => module.UsualChart), {
  ssr: false,
  loading: () => <Skeleton className="h-64" />,
});

const METRICS: Record<UsageMetric, { label: string; says: string }> = {
  people: { label: 'People', says: 'people whose data was touched by what ran, once for each action' },
  audience: { label: 'Audience', says: 'people who were shown something by what ran, once for each action' },
  rowsChanged: { label: 'Changes', says: 'rows, files and items changed or deleted' },
  planned: { label: 'Plans', says: 'actions that agents planned' },
};

function against(today: number, usual: number | null): string {
  if (usual === null) return 'There is no day to compare with yet.';
  if (usual === 0) return today === 0 ? 'As on usual days.' : 'On usual days, none by now.';
  const times = today / usual;
  const how =
    times >= 1.5
      ? `${countWords(Math.round(times * 10) / 10)} times what is usual`
      : times <= 0.5
        ? 'Less than usual'
        : 'About as usual';
  return `${how}: ${countWords(Math.round(usual))} by now.`;
}

const hourWords = (hour: number): string => `${String(hour).padStart(2, '0')}:00`;

function AsTable({ points, label }: { points: readonly UsualPoint[]; label: string }) {
  return (
    <Table aria-label={`${label} by the end of each hour`}>
      <thead>
        <tr>
          <Th>By the end of</Th>
          <Th className="text-right">Today</Th>
          <Th className="text-right">Usually</Th>
          <Th className="text-right">Half of all days between</Th>
        </tr>
      </thead>
      <tbody className="tabular">
        {points.map((point) => (
          <Tr key={point.hour}>
            <Td>{hourWords(point.hour)}</Td>
            <Td className="text-right">{point.today === null ? '' : countWords(point.today)}</Td>
            <Td className="text-right">{countWords(Math.round(point.median))}</Td>
            <Td className="text-right">
              {countWords(Math.round(point.low))} and {countWords(Math.round(point.high))}
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}

const noChange = () => () => undefined;

/** What agents did today against the fourteen days before, one metric at a time, drawn and as a table. */
export function TodayCard({ hours, at }: { hours: readonly UsageHourView[]; at: string }) {
  const [metric, setMetric] = useState<UsageMetric>('people');
  // The day is the reader's own. On the server it is UTC's, until the browser says otherwise.
  const offset = useSyncExternalStore(
    noChange,
    () => new Date(at).getTimezoneOffset(),
    () => 0,
  );
  const { points, today, usualByNow, days } = todayAgainstUsual(hours, metric, new Date(at), offset);
  const { label, says } = METRICS[metric];
  const uncounted = hours
    .filter((row) => Date.parse(row.hour) > Date.parse(at) - 24 * 3_600_000)
    .reduce((sum, row) => sum + row.uncounted, 0);
  return (
    <Card id="today" title="Today against usual days" aside={<Metrics value={metric} onChange={setMetric} />}>
      <p className="flex flex-wrap items-baseline gap-x-3">
        <span className="tabular font-semibold text-3xl">{countWords(today)}</span>
        <span className="text-base text-soft">{says}</span>
      </p>
      <p className="mb-3 text-base text-soft">{against(today, usualByNow)}</p>
      <UsualChart
        points={points}
        label={`${label}: today ${countWords(today)}. ${against(today, usualByNow)}`}
      />
      <p className="mt-2 text-faint text-sm">
        {days === 0
          ? 'The shaded band of usual days appears from tomorrow on.'
          : `Shaded: the middle half of the last ${days === 1 ? 'day' : `${days} days`}; dashed: their median.`}
        {metric !== 'planned' && uncounted > 0
          ? ` Of what ran in the last 24 hours, ${countWords(uncounted)} could not be counted in full, so the true number is higher.`
          : ''}
      </p>
      <details className="mt-2">
        <summary className="min-h-6 cursor-pointer text-soft text-sm">As a table</summary>
        <div className="mt-2 rounded-lg border border-line">
          <AsTable points={points} label={label} />
        </div>
      </details>
    </Card>
  );
}

function Metrics({ value, onChange }: { value: UsageMetric; onChange: (metric: UsageMetric) => void }) {
  return (
    <fieldset className="flex gap-1">
      <legend className="sr-only">What is counted</legend>
      {USAGE_METRICS.map((metric) => (
        <button
          key={metric}
          type="button"
          aria-pressed={metric === value}
          onClick={() => onChange(metric)}
          className={cn(
            'min-h-8 rounded-md px-2.5 text-sm',
            metric === value ? 'bg-selected font-medium text-ink' : 'text-soft hover:bg-hover',
          )}
        >
          {METRICS[metric].label}
        </button>
      ))}
    </fieldset>
  );
}
