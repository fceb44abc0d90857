import type { ReactNode } from 'react';
import { LevelGlyph } from '@/components/ui/level-badge';
import { Link } from '@/components/ui/link';
import type { Level } from '@/server/domain/vocabulary';

/** One planned action in a list of a page about something else: level, sentence, what is said of it here. */
export function ActionLine({
  action,
  aside,
  children,
}: {
  action: { actionId: string; level: Level; sentence: string };
  aside: ReactNode;
  children: ReactNode;
}) {
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1.5 px-4 py-3 sm:flex-nowrap sm:px-5">
      <LevelGlyph level={action.level} />
      <div className="min-w-0 flex-1 basis-64">
        <Link
          href={`/actions/${action.actionId}`}
          className="line-clamp-2 text-base underline-offset-2 hover:underline"
        >
          <span className="sr-only">{action.level}: </span>
          {action.sentence || 'Being measured'}
        </Link>
        <p className="text-faint text-sm">{children}</p>
      </div>
      {aside}
    </li>
  );
}
