import { useId } from 'react';
import { classLook, type Pattern } from '@/components/ui/class-look';
import type { Classification } from '@/server/domain/vocabulary';

const MARKS: Record<Pattern, string | null> = {
  plain: null,
  sparse: 'M0 4H8',
  diagonal: 'M-1 9 9 -1M-1 1 1 -1M7 9 9 7',
  dots: null,
  crosses: 'M4 1.8V6.2M1.8 4H6.2',
  lattice: 'M0 0 8 8M8 0 0 8',
  hole: 'M-1 9 9 -1M-1 1 1 -1M7 9 9 7',
  waves: 'M0 4Q2 1 4 4T8 4',
};

/** The fill of one class: its hue, and a pattern that says the same without the hue. */
export function ClassPattern({ id, name }: { id: string; name: Classification }) {
  const { hue, pattern } = classLook(name);
  const marks = MARKS[pattern];
  const hollow = pattern === 'hole' || pattern === 'waves';
  return (
    <pattern id={id} width="8" height="8" patternUnits="userSpaceOnUse">
      <rect width="8" height="8" fill={hue} opacity={hollow ? 0.3 : 1} />
      {marks ? (
        <path
          d={marks}
          fill="none"
          stroke={hollow ? hue : 'var(--surface)'}
          strokeWidth={hollow ? 1.8 : 1.2}
          strokeOpacity={hollow ? 1 : 0.6}
        />
      ) : null}
      {pattern === 'dots' ? (
        <g fill="var(--surface)" fillOpacity="0.72">
          <circle cx="2" cy="2" r="1.15" />
          <circle cx="6" cy="6" r="1.15" />
        </g>
      ) : null}
    </pattern>
  );
}

/** A small square of a class's fill, to read the drawing by. */
export function ClassSwatch({ name }: { name: Classification }) {
  const id = useId();
  return (
    <svg viewBox="0 0 16 16" aria-hidden="true" className="size-4 shrink-0 rounded-[3px]">
      <defs>
        <ClassPattern id={id} name={name} />
      </defs>
      <rect width="16" height="16" fill={`url(#${id})`} />
    </svg>
  );
}
