import { BellRing, Hash, Mail, RefreshCw, Send, Webhook } from 'lucide-react';
import { InertText } from '@/components/agent-words/inert-text';
import { Badge, type Tone } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { Link } from '@/components/ui/link';
import { counted } from '@/components/ui/number-words';
import { RelativeTime } from '@/components/ui/relative-time';
import type { DeliveryView } from '@/server/domain/views';

const LOOK: Record<DeliveryView['state'], { word: string; tone: Tone }> = {
  failed: { word: 'given up', tone: 'danger' },
  waiting: { word: 'waiting', tone: 'caution' },
  delivered: { word: 'delivered', tone: 'good' },
};
const TOPICS: Readonly<Record<string, string>> = {
  digest: 'what waits',
  'action.held': 'held',
  'action.drifted': 'held again',
  'action.reminded': 'still held',
  'action.widened': 'running out of time',
  'action.paged': 'about to expire',
  'action.stuck': 'nobody can decide',
  'glass.broken': 'break-glass',
  'anomaly.found': 'something unusual',
  'action.decided': 'decided',
  'action.expired': 'expired',
  'action.cancelled': 'withdrawn',
  'halt.engaged': 'a halt',
  'halt.lifted': 'a halt lifted',
};
const CHANNELS = {
  mail: { word: 'mail', Icon: Mail },
  push: { word: 'notification', Icon: BellRing },
  slack: { word: 'Slack', Icon: Hash },
  webhook: { word: 'webhook', Icon: Webhook },
};

function Row({
  delivery,
  busy,
  onRetry,
}: {
  delivery: DeliveryView;
  busy: boolean;
  onRetry: ((deliveryId: string) => void) | undefined;
}) {
  const { word, tone } = LOOK[delivery.state];
  const channel = CHANNELS[delivery.channel];
  const again =
    delivery.state === 'failed'
      ? 'Try again'
      : delivery.channel === 'webhook' && delivery.state === 'delivered'
        ? 'Send again'
        : null;
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-2 px-4 py-3.5 sm:px-5">
      <channel.Icon aria-hidden className="mt-1 size-4 shrink-0 text-faint" />
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
          <span className="font-medium">{delivery.recipient}</span>
          <span className="text-faint text-sm">
            {channel.word}, {TOPICS[delivery.topic] ?? delivery.topic}
          </span>
          <Badge tone={tone}>{word}</Badge>
        </p>
        {delivery.actionId ? (
          <p className="mt-0.5 truncate text-soft">
            <Link href={`/actions/${delivery.actionId}`} className="underline underline-offset-2">
              <InertText text={delivery.sentence || delivery.actionId} />
            </Link>
          </p>
        ) : null}
        {delivery.error && delivery.state !== 'delivered' ? (
          <p className="mt-0.5 text-danger-text [overflow-wrap:anywhere]">
            <InertText text={delivery.error} />
          </p>
        ) : null}
        <p className="mt-0.5 text-faint text-sm">
          <RelativeTime at={delivery.createdAt} focusable />
          {delivery.attempts > 1 ? ` · ${counted(delivery.attempts, 'attempt')}` : null}
          {delivery.nextAttemptAt && delivery.attempts > 0 ? (
            <>
              {' '}
              · tried again <RelativeTime at={delivery.nextAttemptAt} focusable />
            </>
          ) : null}
        </p>
      </div>
      {again && onRetry ? (
        <Button size="sm" busy={busy} onClick={() => onRetry(delivery.deliveryId)}>
          <RefreshCw /> {again}
        </Button>
      ) : null}
    </li>
  );
}

/** Messages to people and channels: the given up first. `onRetry` is absent for people who may not. */
export function DeliveryList({
  deliveries,
  retrying,
  onRetry,
}: {
  deliveries: DeliveryView[];
  retrying: string | null;
  onRetry?: ((deliveryId: string) => void) | undefined;
}) {
  if (deliveries.length === 0) {
    return (
      <EmptyState icon={<Send />} title="Nothing has been sent yet">
        With <code className="text-sm">SMTP_URL</code> set, reviewers get mail about what they can decide;
        with <code className="text-sm">HOLDPOINT_SLACK</code>, channels are told; with{' '}
        <code className="text-sm">HOLDPOINT_WEBHOOKS</code>, other services and Teams. Without any, everything
        waits in the inbox.
      </EmptyState>
    );
  }
  return (
    <ul className="divide-y divide-line">
      {deliveries.map((delivery) => (
        <Row
          key={delivery.deliveryId}
          delivery={delivery}
          busy={retrying === delivery.deliveryId}
          onRetry={onRetry}
        />
      ))}
    </ul>
  );
}
