import { ArrowLeft, ArrowRight, Bot } from 'lucide-react';
import { InertText } from '@/components/agent-words/inert-text';
import { cn } from '@/components/ui/cn';
import { Deadline } from '@/components/ui/deadline';
import { LevelBadge } from '@/components/ui/level-badge';
import { Link } from '@/components/ui/link';
import { RelativeTime } from '@/components/ui/relative-time';
import { StatusBadge } from '@/components/ui/status-badge';
import type { ActionDetail } from '@/server/domain/views';

const NUMBER = /(\d[\d,.]*\d|\d|an unknown number of|Cannot be undone\.)/g;

/** The sentence with its facts set heavier: a glance finds the numbers. */
function Sentence({ text }: { text: string }) {
  return text.split(NUMBER).map((part, index) =>
    index % 2 === 1 ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: parts of one immutable sentence
      <strong key={index} className="tabular font-bold text-ink">
        {part}
      </strong>
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: as above
      <InertText key={index} text={part} />
    ),
  );
}

/** What it is in one sentence, how serious, until when, who planned it. Every word of it is Holdpoint's. */
export function Headline({ action }: { action: ActionDetail }) {
  const held = action.status === 'held';
  const critical = held && action.level === 'critical';
  return (
    <header>
      <Link
        href="/inbox"
        className="-ml-1 inline-flex min-h-8 items-center gap-1.5 rounded-sm px-1 text-faint text-sm hover:text-ink"
      >
        <ArrowLeft aria-hidden className="size-4" /> Inbox
      </Link>
      <div
        className={cn('mt-2', critical && 'overflow-hidden rounded-xl border border-danger-line bg-surface')}
      >
        {held ? <div aria-hidden className={cn('hazard', critical ? 'h-2.5' : 'h-1 rounded-full')} /> : null}
        <div className={critical ? 'px-4 pt-4 pb-5 sm:px-5' : 'pt-4'}>
          <div className="flex flex-wrap items-center gap-x-2.5 gap-y-2">
            <LevelBadge level={action.level} />
            <StatusBadge status={action.status} className="h-6 text-sm" />
            {held && action.expiresAt ? <Deadline at={action.expiresAt} focusable className="ml-1" /> : null}
          </div>
          <h1 className="mt-3 max-w-[52rem] font-medium text-2xl text-soft sm:text-3xl">
            <Sentence text={action.sentence} />
          </h1>
          <p className="mt-3 flex flex-wrap items-center gap-x-2 gap-y-1 text-base text-soft">
            <Bot aria-hidden className="size-4 text-faint" />
            <span className="font-medium text-ink">{action.agent.name}</span>
            <span className="text-faint">of {action.owner.name}</span>
            <span aria-hidden className="text-line-strong">
              |
            </span>
            <code className="text-sm">{action.tool}</code>
            {action.target ? (
              <>
                <ArrowRight aria-label="on" className="size-3.5 text-faint" />
                <code className="text-sm">{action.target}</code>
              </>
            ) : null}
            <span aria-hidden className="text-line-strong">
              |
            </span>
            <span className="text-faint">
              {action.heldAt ? 'held ' : 'planned '}
              <RelativeTime at={action.heldAt ?? action.createdAt} focusable />
            </span>
          </p>
        </div>
      </div>
    </header>
  );
}
