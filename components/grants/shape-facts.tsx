import { ClassChips } from '@/components/ui/class-chip';
import { LevelBadge } from '@/components/ui/level-badge';
import type { GrantShape } from '@/server/domain/grant';

const SHOWN = 12;

/** What a grant is given for, in words: everything it touches, its data, who sees it, how bad it may be. */
export function ShapeFacts({ shape }: { shape: GrantShape }) {
  const more = shape.touches.length - SHOWN;
  return (
    <dl className="grid content-start gap-x-4 gap-y-2 text-base sm:grid-cols-[8rem_minmax(0,1fr)]">
      <dt className="text-faint text-sm sm:pt-0.5">Touches only</dt>
      <dd>
        <ul className="space-y-0.5">
          {shape.touches.slice(0, SHOWN).map((t) => (
            <li key={`${t.operation} ${t.resource}`} className="[overflow-wrap:anywhere]">
              {t.operation} <code className="text-sm">{t.resource}</code>
              {t.columns && t.columns.length > 0 ? (
                <span className="text-soft text-sm"> ({t.columns.join(', ')})</span>
              ) : null}
            </li>
          ))}
          {more > 0 ? <li className="text-faint text-sm">and {more} more</li> : null}
        </ul>
      </dd>
      <dt className="text-faint text-sm sm:pt-0.5">Data</dt>
      <dd>
        <ClassChips names={shape.classes} none="nobody’s data" />
      </dd>
      <dt className="text-faint text-sm sm:pt-0.5">Seen by</dt>
      <dd className="[overflow-wrap:anywhere]">
        {shape.audience.length === 0 ? 'nobody else' : shape.audience.map((a) => a.name).join(', ')}
      </dd>
      <dt className="text-faint text-sm sm:pt-0.5">At most</dt>
      <dd>
        <LevelBadge level={shape.level} />
      </dd>
    </dl>
  );
}
