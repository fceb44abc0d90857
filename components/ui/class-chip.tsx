import type { CSSProperties } from 'react';
import type { Classification } from '@/server/domain/vocabulary';
import { classLook } from './class-look';
import { cn } from './cn';

/** One kind of data: icon, word, hue. */
export function ClassChip({ name, className }: { name: Classification; className?: string }) {
  const { icon: Icon, hue, means, pattern } = classLook(name);
  return (
    <span
      style={{ '--hue': hue } as CSSProperties}
      title={means}
      className={cn(
        'class-hue inline-flex h-5.5 items-center gap-1 whitespace-nowrap rounded-sm border px-1.5 font-medium text-xs',
        pattern === 'hole' && 'border-dashed',
        className,
      )}
    >
      <Icon aria-hidden className="size-3.5 shrink-0" />
      {name}
    </span>
  );
}

export function ClassChips({ names, none }: { names: readonly Classification[]; none?: string }) {
  if (names.length === 0) return none ? <span className="text-faint text-sm">{none}</span> : null;
  return (
    <span className="flex flex-wrap gap-1">
      {names.map((name) => (
        <ClassChip key={name} name={name} />
      ))}
    </span>
  );
}
