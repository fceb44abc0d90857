'use client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { errorWords } from '@/components/api/error-words';
import { useTRPC } from '@/components/api/trpc';
import { ListSkeleton } from '@/components/apply/list-skeleton';
import { Callout } from '@/components/ui/callout';
import { Card } from '@/components/ui/card';
import { PageHeader } from '@/components/ui/page-header';
import { toast } from '@/components/ui/toaster';
import { GrantList } from './grant-list';

export function GrantsPage() {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const grants = useQuery(trpc.grant.list.queryOptions());
  const revoke = useMutation(
    trpc.grant.revoke.mutationOptions({
      onSuccess: () => {
        toast.success('Taken back', { description: 'Nothing is released by it any more.' });
        return queries.invalidateQueries();
      },
    }),
  );
  return (
    <div className="mx-auto w-full max-w-[64rem]">
      <PageHeader
        title="Grants"
        description="Approvals given in advance: one person’s, for what looks like an action they approved, within bounds and for a time. Denials, halts and holds for two people are not touched by them."
      />
      <Card flush>
        {grants.data ? (
          <GrantList
            grants={grants.data}
            busy={revoke.isPending}
            error={revoke.error ? errorWords(revoke.error) : null}
            onRevoke={(grantId, reason) =>
              revoke.mutateAsync({ grantId, reason }).then(
                () => true,
                () => false,
              )
            }
          />
        ) : grants.error ? (
          <Callout tone="danger" role="alert" className="m-4">
            {errorWords(grants.error)}
          </Callout>
        ) : (
          <ListSkeleton label="Loading grants" />
        )}
      </Card>
    </div>
  );
}
