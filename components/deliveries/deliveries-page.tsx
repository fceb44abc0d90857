'use client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { errorWords } from '@/components/api/error-words';
import { hasRole, useMe } from '@/components/api/me';
import { useTRPC } from '@/components/api/trpc';
import { ListSkeleton } from '@/components/apply/list-skeleton';
import { Callout } from '@/components/ui/callout';
import { Card } from '@/components/ui/card';
import { PageHeader } from '@/components/ui/page-header';
import { toast } from '@/components/ui/toaster';
import { DeliveryList } from './delivery-list';

export function DeliveriesPage() {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const me = useMe();
  const mayRead = hasRole(me, 'owner', 'security_lead', 'auditor');
  const list = useQuery(
    trpc.deliveries.list.queryOptions(undefined, { enabled: mayRead, refetchInterval: 10_000 }),
  );
  const retry = useMutation(
    trpc.deliveries.retry.mutationOptions({
      onSettled: () => void queries.invalidateQueries({ queryKey: trpc.deliveries.list.queryKey() }),
      onSuccess: () => toast.success('It is sent again'),
      onError: (error) => toast.error(errorWords(error)),
    }),
  );
  return (
    <div className="mx-auto w-full max-w-[64rem]">
      <PageHeader
        title="Deliveries"
        description="Messages about held actions, by mail, in Slack and to webhooks: what left, what waits to be tried again, and what was given up."
      />
      {mayRead ? null : <Callout>Owners, security leads and auditors see what was sent to whom.</Callout>}
      {list.error ? (
        <Callout tone="danger" role="alert">
          {errorWords(list.error)}
        </Callout>
      ) : mayRead ? (
        <Card flush>
          {list.data ? (
            <DeliveryList
              deliveries={list.data}
              retrying={retry.isPending ? (retry.variables?.deliveryId ?? null) : null}
              onRetry={
                hasRole(me, 'owner', 'security_lead')
                  ? (deliveryId) => retry.mutate({ deliveryId })
                  : undefined
              }
            />
          ) : (
            <ListSkeleton label="Loading deliveries" />
          )}
        </Card>
      ) : null}
    </div>
  );
}
