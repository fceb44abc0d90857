import type { ComponentProps, PointerEvent, ReactNode } from 'react';
import { absoluteWords } from './time-words';
import { Tooltip } from './tooltip';

function Words({ at, before }: { at: string; before: string }) {
  return `${before}${absoluteWords(at)}`;
}

/**
 * A `<time>` that shows the exact one on hover, and on focus where it may have any (not inside rows that are links). It is put into words only when
 * somebody points at it: a list of two hundred times is drawn without a single one.
 */
export function ExactTime({
  at,
  before = '',
  focusable,
  className,
  children,
}: {
  at: string;
  /** What the exact time is introduced by. */
  before?: string;
  focusable: boolean | undefined;
  className: string | undefined;
  children: ReactNode;
}) {
  const shared: ComponentProps<'time'> = {
    dateTime: at,
    className,
    children,
    // Time passes between drawing here and drawing there.
    suppressHydrationWarning: true,
    ...(focusable ? { tabIndex: 0 } : {}),
  };
  if (focusable) {
    return (
      <Tooltip content={<Words at={at} before={before} />}>
        <time {...shared} />
      </Tooltip>
    );
  }
  const name = ({ currentTarget }: PointerEvent<HTMLElement>) => {
    currentTarget.title = `${before}${absoluteWords(at)}`;
  };
  return <time {...shared} onPointerEnter={name} />;
}
