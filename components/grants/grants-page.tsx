'use client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { parseAsStringLiteral, useQueryState } from 'nuqs';
import { errorWords } from '@/components/api/error-words';
import { useTRPC } from '@/components/api/trpc';
import { ListSkeleton } from '@/components/apply/list-skeleton';
import { Templates } from '@/components/mandates/templates';
import { Callout } from '@/components/ui/callout';
import { Card } from '@/components/ui/card';
import { PageHeader } from '@/components/ui/page-header';
import { TabPanel, Tabs } from '@/components/ui/tabs';
import { toast } from '@/components/ui/toaster';
import { GrantList } from './grant-list';

const VIEWS = ['grants', 'templates'] as const;

export function GrantsPage() {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [view, setView] = useQueryState('view', parseAsStringLiteral(VIEWS).withDefault('grants'));
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
        title="Grants and mandates"
        description="What may happen without asking each time, and what runs may do at all. Denials, halts and holds for two people are not touched by either."
      />
      <Card flush>
        <Tabs
          label="Grants and mandates"
          value={view}
          onValueChange={(next) => void setView(next as (typeof VIEWS)[number])}
          tabs={[
            { value: 'grants', label: 'Grants' },
            { value: 'templates', label: 'Mandate templates' },
          ]}
          listClassName="px-4 sm:px-5"
        >
          <TabPanel value="templates">
            <Templates />
          </TabPanel>
          <TabPanel value="grants">
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
          </TabPanel>
        </Tabs>
      </Card>
    </div>
  );
}
