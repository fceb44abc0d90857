'use client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { errorWords } from '@/components/api/error-words';
import { useTRPC } from '@/components/api/trpc';
import { ListSkeleton } from '@/components/apply/list-skeleton';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { Card } from '@/components/ui/card';
import { counted } from '@/components/ui/number-words';
import { RelativeTime } from '@/components/ui/relative-time';
import { toast } from '@/components/ui/toaster';
import type { SessionView } from '@/server/domain/views';
import { deviceWords } from './device-words';

function Session({ session, busy, onEnd }: { session: SessionView; busy: boolean; onEnd: () => void }) {
  const device = deviceWords(session.userAgent);
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 px-4 py-3 sm:px-5">
      <div className="min-w-0">
        <p className="flex flex-wrap items-center gap-2 text-base">
          {device}
          {session.current ? <Badge tone="good">this one</Badge> : null}
        </p>
        <p className="text-faint text-sm [overflow-wrap:anywhere]">
          {session.address ? `from ${session.address}, ` : ''}signed in{' '}
          <RelativeTime at={session.startedAt} focusable />
        </p>
      </div>
      {session.current ? null : (
        <Button size="sm" busy={busy} onClick={onEnd} aria-label={`End the session of ${device}`}>
          End it
        </Button>
      )}
    </li>
  );
}

/** Everywhere one is signed in, and the way to end it. */
export function SessionsCard() {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const sessions = useQuery(trpc.me.sessions.queryOptions());
  const end = useMutation(
    trpc.me.revokeSessions.mutationOptions({
      onSuccess: ({ ended }) => {
        toast.success(`${counted(ended, 'session')} ended`);
        return queries.invalidateQueries({ queryKey: trpc.me.sessions.queryKey() });
      },
    }),
  );
  const error = sessions.error ?? end.error;
  const others = sessions.data?.filter(({ current }) => !current).length ?? 0;
  return (
    <Card
      id="sessions"
      title="Where you are signed in"
      flush
      aside={
        others > 1 ? (
          <Button size="sm" busy={end.isPending} onClick={() => end.mutate({ others: true })}>
            End all others
          </Button>
        ) : null
      }
    >
      {error ? (
        <Callout tone="danger" role="alert" className="m-4">
          {errorWords(error)}
        </Callout>
      ) : null}
      {sessions.data === undefined ? (
        <ListSkeleton label="Loading your sessions" />
      ) : (
        <ul aria-label="Your sessions" className="divide-y divide-line">
          {sessions.data.map((session) => (
            <Session
              key={session.sessionId}
              session={session}
              busy={end.isPending && end.variables.sessionId === session.sessionId}
              onEnd={() => end.mutate({ sessionId: session.sessionId })}
            />
          ))}
        </ul>
      )}
    </Card>
  );
}
