'use client';
import { useQuery } from '@tanstack/react-query';
import { Forward, History, Link2Off } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { type ReactNode, useEffect } from 'react';
import { errorWords, isMissing } from '@/components/api/error-words';
import { useTRPC } from '@/components/api/trpc';
import { ListSkeleton } from '@/components/apply/list-skeleton';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { Card } from '@/components/ui/card';
import { EmptyState } from '@/components/ui/empty-state';
import { Link } from '@/components/ui/link';

function Told({
  icon,
  title,
  href,
  action,
  children,
}: {
  icon: ReactNode;
  title: string;
  href: string;
  action: string;
  children: ReactNode;
}) {
  return (
    <Card>
      <EmptyState
        isPage
        icon={icon}
        title={title}
        action={
          <Button asChild variant="primary">
            <Link href={href}>{action}</Link>
          </Button>
        }
      >
        {children}
      </EmptyState>
    </Card>
  );
}

/** Follows a link from a message to its action, or says why it leads no further. Nothing is decided by opening it. */
export function ReviewLink({ code }: { code: string }) {
  const trpc = useTRPC();
  const router = useRouter();
  const link = useQuery(trpc.review.openLink.queryOptions({ code }, { retry: false }));
  const direct =
    link.data && link.data.state === 'open' && link.data.sentTo === null ? link.data.actionId : null;
  useEffect(() => {
    if (direct !== null) router.replace(`/actions/${direct}`);
  }, [direct, router]);
  if (link.error && isMissing(link.error)) {
    return (
      <Told icon={<Link2Off />} title="This link leads nowhere" href="/inbox" action="To the inbox">
        {errorWords(link.error)}
      </Told>
    );
  }
  if (link.error) {
    return (
      <Callout
        tone="danger"
        role="alert"
        action={<Button onClick={() => void link.refetch()}>Try again</Button>}
      >
        {errorWords(link.error)}
      </Callout>
    );
  }
  if (!link.data || direct !== null) {
    return (
      <Card flush>
        <ListSkeleton label="Following the link" />
      </Card>
    );
  }
  const { actionId, sentTo, state } = link.data;
  const href = `/actions/${actionId}`;
  if (state !== 'open') {
    return (
      <Told
        icon={<History />}
        title="Nothing is left to decide here"
        href={href}
        action="See what became of it"
      >
        {state === 'ended'
          ? 'The action this link was about no longer waits for anybody.'
          : 'The time to decide that this link was made for is over.'}
      </Told>
    );
  }
  return (
    <Told
      icon={<Forward />}
      title={`This link was sent to ${sentTo}`}
      href={href}
      action="Open the action as yourself"
    >
      You are signed in as somebody else. You will see what you may see, and decide only if it waits for you
      too.
    </Told>
  );
}
