'use client';
import {
  Area,
  CartesianGrid,
  ComposedChart,
  Line,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import { countWords } from '@/components/ui/number-words';
import type { UsualPoint } from './usual';

const TICK = { fill: 'var(--faint)', fontSize: 12 };
const short = new Intl.NumberFormat('en', { notation: 'compact' });
const hourWords = (hour: number): string => `${String(hour).padStart(2, '0')}:00`;

function Reading({ active, payload }: { active?: boolean; payload?: readonly { payload?: UsualPoint }[] }) {
  const point = active ? payload?.[0]?.payload : undefined;
  if (point === undefined) return null;
  return (
    <div className="rounded-md border border-line bg-raised px-3 py-2 text-sm shadow-float">
      <p className="text-faint">By the end of {hourWords(point.hour)}</p>
      {point.today === null ? null : (
        <p>
          Today <strong className="tabular font-semibold">{countWords(point.today)}</strong>
        </p>
      )}
      <p className="text-soft">
        Usually <span className="tabular">{countWords(Math.round(point.median))}</span>
      </p>
    </div>
  );
}

/** The line of today over the band of usual days. `label` says in words what it shows. */
export function UsualChart({ points, label }: { points: readonly UsualPoint[]; label: string }) {
  // In the first hour of a day there is no line yet: the point is all of it.
  const now = points.findLastIndex((point) => point.today !== null);
  const data = points.map((point) => ({ ...point, band: [point.low, point.high] }));
  return (
    <div role="img" aria-label={label} className="h-64">
      <ResponsiveContainer width="100%" height="100%">
        <ComposedChart
          data={data}
          margin={{ top: 8, right: 8, bottom: 0, left: 0 }}
          accessibilityLayer={false}
        >
          <CartesianGrid stroke="var(--line)" vertical={false} />
          <XAxis
            dataKey="hour"
            ticks={[0, 6, 12, 18, 23]}
            tickFormatter={hourWords}
            tick={TICK}
            stroke="var(--line-strong)"
            tickLine={false}
          />
          <YAxis
            width={44}
            allowDecimals={false}
            tickFormatter={(value: number) => short.format(value)}
            tick={TICK}
            axisLine={false}
            tickLine={false}
          />
          <Tooltip content={Reading} cursor={{ stroke: 'var(--line-strong)' }} isAnimationActive={false} />
          <Area
            dataKey="band"
            stroke="none"
            fill="var(--faint)"
            fillOpacity={0.18}
            isAnimationActive={false}
            activeDot={false}
          />
          <Line
            dataKey="median"
            stroke="var(--faint)"
            strokeDasharray="4 4"
            dot={false}
            activeDot={false}
            isAnimationActive={false}
          />
          <Line
            dataKey="today"
            stroke="var(--hold)"
            strokeWidth={2.5}
            dot={({ cx, cy, index }) =>
              index === now ? (
                <circle key="now" cx={cx} cy={cy} r={4} fill="var(--hold)" />
              ) : (
                <g key={index} />
              )
            }
            isAnimationActive={false}
          />
        </ComposedChart>
      </ResponsiveContainer>
    </div>
  );
}
