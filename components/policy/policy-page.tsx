'use client';
import { useQuery } from '@tanstack/react-query';
import { Hand } from 'lucide-react';
import { errorWords } from '@/components/api/error-words';
import { useTRPC } from '@/components/api/trpc';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { Card } from '@/components/ui/card';
import { Link } from '@/components/ui/link';
import { PageHeader } from '@/components/ui/page-header';
import { Skeleton } from '@/components/ui/skeleton';
import type { PolicyOverview } from '@/server/domain/policy-views';
import { DraftList } from './draft-list';
import { NewDraft } from './new-draft';
import { PolicyList } from './policy-list';
import { VersionList } from './version-list';

function Notices({ policy }: { policy: PolicyOverview }) {
  return (
    <>
      {policy.pending.map((one) => (
        <Callout
          key={one.actionId}
          tone="hold"
          title={`${one.proposer} proposes another policy`}
          action={
            <Button asChild size="sm">
              <Link href={`/actions/${one.actionId}`}>
                <Hand /> Look at it
              </Link>
            </Button>
          }
        >
          {one.sentence}
        </Callout>
      ))}
      {policy.mayEdit && policy.approvers.length === 0 ? (
        <Callout tone="caution" title="Nobody could agree to what you publish">
          Policy is changed by two people, and nobody else here is an owner or a security lead. Invite one on
          the{' '}
          <Link href="/people" className="underline">
            People page
          </Link>{' '}
          first.
        </Callout>
      ) : null}
    </>
  );
}

/** Which policies judge now, in words; what is being written; what was published before. */
export function PolicyPage() {
  const trpc = useTRPC();
  const query = useQuery(trpc.policy.get.queryOptions());
  const policy = query.data as PolicyOverview | undefined;
  const version = policy?.inForce.version;
  return (
    <div className="mx-auto max-w-[64rem]">
      <PageHeader
        title="Policy"
        description="What is allowed, held or denied. Everything that matches counts, and the strictest wins."
        action={policy?.mayEdit ? <NewDraft /> : null}
      />
      {query.error ? (
        <Callout tone="danger" role="alert">
          {errorWords(query.error)}
        </Callout>
      ) : policy ? (
        <div className="space-y-5">
          <Notices policy={policy} />
          {policy.mayEdit && policy.drafts.length > 0 ? <DraftList drafts={policy.drafts} /> : null}
          <Card
            id="in-force"
            title={
              version === 0
                ? 'In force: the policies that ship with Holdpoint'
                : `In force: version ${version}`
            }
            aside={<code className="text-faint text-xs">{policy.inForce.policy}</code>}
            flush
          >
            <PolicyList policies={policy.inForce.policies} />
          </Card>
          <VersionList versions={policy.versions} inForce={version ?? 0} mayRestore={policy.mayEdit} />
        </div>
      ) : (
        <div className="space-y-3" role="status" aria-label="Loading policy">
          <Skeleton className="h-16" />
          <Skeleton className="h-96" />
        </div>
      )}
    </div>
  );
}
