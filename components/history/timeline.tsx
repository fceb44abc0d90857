import { Bot, Hand, OctagonPause, UserRound } from 'lucide-react';
import { InertText } from '@/components/agent-words/inert-text';
import { cn } from '@/components/ui/cn';
import { Digest } from '@/components/ui/digest';
import { Link } from '@/components/ui/link';
import { RelativeTime } from '@/components/ui/relative-time';
import type { AuditEventView } from '@/server/domain/views';

const WEIGHTY = /^(action\.(held|released|rejected|denied|revoked)|execution\.|halt\.)/;

function ActorGlyph({ kind, weighty }: { kind: AuditEventView['actor']['kind']; weighty: boolean }) {
  const Icon = kind === 'person' ? UserRound : kind === 'agent' ? Bot : weighty ? Hand : OctagonPause;
  return (
    <span
      className={cn(
        'relative z-[1] flex size-6.5 shrink-0 items-center justify-center rounded-full border bg-surface [&_svg]:size-3.5',
        weighty ? 'border-hold-line text-hold-text' : 'border-line text-faint',
      )}
    >
      <Icon aria-label={kind === 'holdpoint' ? 'Holdpoint' : kind} />
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
          <ActorGlyph kind={event.actor.kind} weighty={WEIGHTY.test(event.kind)} />
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
