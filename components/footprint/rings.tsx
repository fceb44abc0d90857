import { Eye, Pencil, PenLine, Play, Plus, Trash2 } from 'lucide-react';
import { type CSSProperties, useId } from 'react';
import type { Operation } from '@/server/domain/vocabulary';
import { ClassPattern } from './class-pattern';
import type { RingFigure } from './ring-figures';
import { arcPath, type Band, bandsOf, CORE } from './ring-geometry';

const ICONS: Partial<Record<Operation, typeof Eye>> = {
  read: Eye,
  insert: Plus,
  update: Pencil,
  delete: Trash2,
  truncate: Trash2,
  write: PenLine,
};
/** Half the drawing's side: the widest four rings there can be, and a margin. */
const HALF = 170;
/** The drawing's side on a phone, in pixels (`max-w-76`). */
const PHONE_SIDE = 304;
/** How far apart the rows of the table beside it are, in units of the drawing. */
const ROW_STEP = 82.7;

function Ring({ figure, band, prefix }: { figure: RingFigure; band: Band; prefix: string }) {
  const middle = (band.inner + band.outer) / 2;
  if (figure.count === null) {
    return (
      <g fill="none">
        <circle r={middle} stroke={`url(#${prefix}-hole)`} strokeWidth={band.outer - band.inner} />
        <g stroke="var(--hold-text)" strokeWidth="1.3" strokeDasharray="4 4">
          <circle r={band.inner} />
          <circle r={band.outer} />
        </g>
        <circle cy={-middle} r="8" fill="var(--surface)" />
        <text
          y={-middle + 4.5}
          textAnchor="middle"
          className="font-sans font-semibold text-[13px]"
          fill="var(--hold-text)"
        >
          ?
        </text>
      </g>
    );
  }
  if (band.empty) return <circle r={middle} fill="none" stroke="var(--line-strong)" strokeWidth="1" />;
  let turn = 0;
  return (
    <g stroke="var(--surface)" strokeWidth="1.5">
      {figure.segments.map((segment) => {
        const from = turn;
        turn += segment.share;
        return (
          <path
            key={segment.key}
            d={arcPath(band, from, turn)}
            fill={`url(#${prefix}-${segment.classification.replace(/[^a-z]/gi, '_')})`}
          >
            <title>{segment.label}</title>
          </path>
        );
      })}
    </g>
  );
}

function Leader({ band, row }: { band: Band; row: number }) {
  const radius = (band.inner + band.outer) / 2;
  const y = Math.abs(row) < radius * 0.82 ? row : Math.sign(row) * radius * 0.8;
  const x = Math.sqrt(radius * radius - y * y);
  const bend = x + Math.abs(row - y) * 0.9;
  return (
    <g className="hidden lg:block">
      <path
        d={`M${x} ${y}L${bend} ${row}H${HALF + 40}`}
        fill="none"
        stroke="var(--surface)"
        strokeWidth="4"
      />
      <path
        d={`M${x} ${y}L${bend} ${row}H${HALF + 40}`}
        fill="none"
        stroke="var(--control)"
        strokeWidth="1"
        vectorEffect="non-scaling-stroke"
      />
      <circle cx={x} cy={y} r="3.2" fill="var(--ink)" stroke="var(--surface)" strokeWidth="1.6" />
    </g>
  );
}

/** The blast radius as rings around the action. Everything in it is in the table beside it too. */
export function Rings({
  figures,
  operation,
  label,
}: {
  figures: RingFigure[];
  operation: Operation;
  label: string;
}) {
  const prefix = useId();
  const bands = bandsOf(figures.map((figure) => figure.count));
  const classes = [...new Set(figures.flatMap((f) => f.segments.map((s) => s.classification)))];
  const Icon = ICONS[operation] ?? Play;
  const drawn = figures.flatMap((figure, index) => {
    const band = bands[index];
    return band ? [{ figure, band, row: (index - (figures.length - 1) / 2) * ROW_STEP }] : [];
  });
  const outermost = bands.at(-1)?.outer ?? HALF;
  return (
    <svg
      viewBox={`${-HALF} ${-HALF} ${HALF * 2} ${HALF * 2}`}
      role="img"
      aria-label={label}
      // Beside the table the drawing keeps its scale; above it, on a phone, the empty margin around small rings is given back.
      style={{ '--margin': `${-Math.floor((1 - outermost / HALF) * PHONE_SIDE * 0.5)}px` } as CSSProperties}
      className="mx-auto my-(--margin) block aspect-square w-full max-w-76 overflow-visible lg:my-0 lg:max-w-none"
    >
      <defs>
        <pattern id={`${prefix}-hole`} width="7" height="7" patternUnits="userSpaceOnUse">
          <rect width="7" height="7" fill="var(--sunken)" />
          <path d="M-1 8 8 -1" stroke="var(--line-strong)" strokeWidth="1" />
        </pattern>
        {classes.map((name) => (
          <ClassPattern key={name} id={`${prefix}-${name.replace(/[^a-z]/gi, '_')}`} name={name} />
        ))}
      </defs>
      {drawn.map(({ figure, band }) => (
        <Ring key={figure.id} figure={figure} band={band} prefix={prefix} />
      ))}
      <circle r={CORE - 2} fill="var(--ink)" />
      <Icon x={-12} y={-12} width={24} height={24} color="var(--page)" strokeWidth={1.8} />
      {drawn.map(({ figure, band, row }) => (
        <Leader key={figure.id} band={band} row={row} />
      ))}
    </svg>
  );
}
