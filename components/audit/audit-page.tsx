'use client';
import { ScrollText } from 'lucide-react';
import { parseAsString, useQueryState } from 'nuqs';
import { errorWords } from '@/components/api/error-words';
import { useTRPC, useTRPCClient } from '@/components/api/trpc';
import { usePages } from '@/components/api/use-pages';
import { Timeline } from '@/components/history/timeline';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { Card } from '@/components/ui/card';
import { EmptyState } from '@/components/ui/empty-state';
import { PageHeader } from '@/components/ui/page-header';
import { Select } from '@/components/ui/select';
import { Skeleton } from '@/components/ui/skeleton';

import type { AuditPage as AuditPageView } from '@/server/domain/views';

const PAGE_SIZE = 100;
/** Groups of event kinds by how their names begin. */
const KINDS = [
  { prefix: '', label: 'Everything' },
  { prefix: 'action.', label: 'Planned actions' },
  { prefix: 'execution.', label: 'Executions' },
  { prefix: 'data.', label: 'Looking at data' },
  { prefix: 'halt.', label: 'Halts' },
  { prefix: 'session.', label: 'Sign-ins' },
  { prefix: 'sign_in.', label: 'Refused sign-ins' },
  { prefix: 'key.', label: 'Agent keys' },
  { prefix: 'target.', label: 'Targets' },
  { prefix: 'person.', label: 'People' },
];

/** Everything that happened in the workspace, latest first. Events are only ever added. */
export function AuditPage() {
  const trpc = useTRPC();
  const [kind, setKind] = useQueryState('kind', parseAsString.withDefault(''));
  const api = useTRPCClient();
  const input = { limit: PAGE_SIZE, ...(kind ? { kind } : {}) };
  const log = usePages<AuditPageView>({
    queryKey: trpc.audit.list.infiniteQueryKey(input),
    read: (cursor, signal) => api.audit.list.query({ ...input, ...cursor }, { signal }),
  });
  const events = log.pages?.flatMap((page) => page.items);
  return (
    <div className="mx-auto max-w-[64rem]">
      <PageHeader
        title="Audit log"
        description="Who did what, when and why. Written in the same transaction as the change itself; nothing in it can be edited or removed."
        action={
          <div className="w-52">
            <Select
              aria-label="Kind of event"
              value={kind}
              onChange={(event) => void setKind(event.target.value || null)}
            >
              {KINDS.map(({ prefix, label }) => (
                <option key={prefix} value={prefix}>
                  {label}
                </option>
              ))}
            </Select>
          </div>
        }
      />
      <Card>
        {log.error ? (
          <Callout tone="danger" role="alert">
            {errorWords(log.error)}
          </Callout>
        ) : !events ? (
          <div className="space-y-3" role="status" aria-label="Loading the audit log">
            {['a', 'b', 'c', 'd', 'e', 'f'].map((key) => (
              <Skeleton key={key} className="h-11" />
            ))}
          </div>
        ) : events.length === 0 ? (
          <EmptyState
            icon={<ScrollText />}
            title="No such events"
            action={<Button onClick={() => void setKind(null)}>Show everything</Button>}
          >
            Nothing of this kind has happened in the workspace.
          </EmptyState>
        ) : (
          <>
            <Timeline events={events} linkActions />
            {log.hasMore ? (
              <Button className="mt-4 w-full" busy={log.isReadingMore} onClick={log.onMore}>
                Show earlier events
              </Button>
            ) : null}
          </>
        )}
      </Card>
    </div>
  );
}
