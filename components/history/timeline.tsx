import { Ban, Bot, Check, Dot, Hand, UserRound } from 'lucide-react';
import { InertText } from '@/components/agent-words/inert-text';
import { cn } from '@/components/ui/cn';
import { Digest } from '@/components/ui/digest';
import { Link } from '@/components/ui/link';
import { RelativeTime } from '@/components/ui/relative-time';
import type { AuditEventView } from '@/server/domain/views';

const LOOKS = {
  stopped: { color: 'border-danger-line text-danger-text', Own: Ban },
  weighty: { color: 'border-hold-line text-hold-text', Own: Hand },
  done: { color: 'border-good-line text-good-text', Own: Check },
  plain: { color: 'border-line text-faint', Own: Dot },
};
const KINDS: readonly [RegExp, keyof typeof LOOKS][] = [
  [
    /^(action\.(rejected|denied|revoked)|execution\.(failed|drifted|unknown_outcome)|halt\.engaged)$/,
    'stopped',
  ],
  [/^(action\.(held|released)|halt\.)/, 'weighty'],
  [/^execution\.succeeded$/, 'done'],
];
const lookOf = (kind: string) => LOOKS[KINDS.find(([pattern]) => pattern.test(kind))?.[1] ?? 'plain'];

/** Who did it, and by its colour how much it weighs; what Holdpoint did by itself has a sign of its own. */
function Glyph({ actor, kind }: { actor: AuditEventView['actor']['kind']; kind: string }) {
  const { color, Own } = lookOf(kind);
  const Icon = actor === 'person' ? UserRound : actor === 'agent' ? Bot : Own;
  return (
    <span
      className={cn(
        'relative z-[1] flex size-6.5 shrink-0 items-center justify-center rounded-full border bg-surface [&_svg]:size-3.5',
        color,
      )}
    >
      <Icon aria-label={actor === 'holdpoint' ? 'Holdpoint' : actor} />
    </span>
  );
}

/** What happened, oldest first, each line a record of the audit log. */
export function Timeline({ events, linkActions }: { events: AuditEventView[]; linkActions?: boolean }) {
  return (
    <ol className="relative">
      {events.map((event, index) => (
        <li key={event.id} className="relative flex gap-3 pb-4 last:pb-0">
          {index < events.length - 1 ? (
            <span aria-hidden className="absolute top-6 bottom-0 left-[13px] w-px bg-line" />
          ) : null}
          <Glyph actor={event.actor.kind} kind={event.kind} />
          <div className="min-w-0 flex-1 pt-0.5">
            <p className="text-base [overflow-wrap:anywhere]">
              <InertText text={event.summary} />
            </p>
            <p className="mt-0.5 flex flex-wrap items-center gap-x-3 text-faint text-sm">
              <RelativeTime at={event.at} focusable />
              <code className="text-xs">{event.kind}</code>
              {event.footprintDigest ? (
                <Digest value={event.footprintDigest} label="Copy the footprint’s digest" />
              ) : null}
              {linkActions && event.actionId ? (
                <Link
                  href={`/actions/${event.actionId}`}
                  className="inline-flex min-h-6 items-center underline underline-offset-2 hover:text-ink"
                >
                  open the action
                </Link>
              ) : null}
            </p>
          </div>
        </li>
      ))}
    </ol>
  );
}
