'use client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { RefreshCw, Wrench } from 'lucide-react';
import { errorWords } from '@/components/api/error-words';
import { hasRole, useMe } from '@/components/api/me';
import { useTRPC } from '@/components/api/trpc';
import { DetailPage } from '@/components/apply/detail-page';
import { LatestActions } from '@/components/apply/latest-actions';
import { HaltButton } from '@/components/halts/halt-button';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { Card } from '@/components/ui/card';
import { Link } from '@/components/ui/link';
import { PageHeader } from '@/components/ui/page-header';
import type { TargetView as Target } from '@/server/domain/catalog-views';
import { ColumnsCard } from './columns-card';
import { FindingsCard } from './findings-card';
import { OperationsCard } from './operations-card';
import { SetUpTarget } from './set-up-target';
import { SubjectsCard } from './subjects-card';
import { TargetState } from './target-state';
import { TreeCard } from './tree-card';

function CheckNow({ targetId }: { targetId: string }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const check = useMutation(
    trpc.admin.checkTarget.mutationOptions({
      onSuccess: () => void queries.invalidateQueries({ queryKey: trpc.catalog.pathKey() }),
    }),
  );
  return (
    <>
      <Button busy={check.isPending} onClick={() => check.mutate({ targetId })}>
        <RefreshCw /> Check now
      </Button>
      {check.error ? (
        <p role="alert" className="w-full text-danger-text text-sm">
          {errorWords(check.error)}
        </p>
      ) : null}
    </>
  );
}

function Parts({ target, canSetUp }: { target: Target; canSetUp: boolean }) {
  return (
    <div className="flex flex-col gap-5">
      {target.reachable === false ? (
        <Callout tone="danger" title="It could not be reached">
          Every action on it is held as unknown until it can. Correct the connection or the network, then
          check again.
        </Callout>
      ) : null}
      <FindingsCard target={target} />
      {target.kind === 'postgres' ? (
        <>
          <ColumnsCard key={target.definitionHash} target={target} canSetUp={canSetUp} />
          <SubjectsCard target={target} canSetUp={canSetUp} />
        </>
      ) : target.kind === 'http' ? (
        <OperationsCard target={target} />
      ) : (
        <TreeCard target={target} />
      )}
      <Card id="tools" title="Tools that act on it">
        {target.tools.length === 0 ? (
          <p className="text-base text-soft">None: no agent can plan anything on it.</p>
        ) : (
          <ul className="flex flex-wrap gap-x-4 gap-y-2">
            {target.tools.map((tool) => (
              <li key={tool.id}>
                <Link
                  href={`/tools#${tool.name}`}
                  className="inline-flex items-center gap-1.5 font-mono text-sm underline decoration-line-strong underline-offset-4 hover:decoration-ink"
                >
                  <Wrench aria-hidden className="size-3.5 text-faint" /> {tool.name}
                </Link>
              </li>
            ))}
          </ul>
        )}
      </Card>
      <LatestActions of={{ targetId: target.targetId }} title="Planned on it lately" />
    </div>
  );
}

/** One target: what its role can do, what it holds, whose data that is. */
export function TargetView({ targetId }: { targetId: string }) {
  const trpc = useTRPC();
  const canSetUp = hasRole(useMe(), 'owner', 'security_lead');
  const query = useQuery(trpc.catalog.target.queryOptions({ targetId }));
  return (
    <DetailPage back={{ href: '/targets', label: 'Targets' }} query={query} loading="Loading the target">
      {(target) => (
        <>
          <PageHeader
            title={
              <span className="flex flex-wrap items-center gap-3">
                <span className="[overflow-wrap:anywhere]">{target.name}</span>
                <TargetState target={target} />
              </span>
            }
            description={
              <span className="font-mono text-sm [overflow-wrap:anywhere]">
                {target.address}
                {target.kind === 'postgres' ? ` · search path ${target.searchPath.join(', ')}` : null}
              </span>
            }
            action={
              <>
                {canSetUp ? (
                  <>
                    <SetUpTarget key={target.definitionHash} target={target} />
                    <CheckNow targetId={target.targetId} />
                  </>
                ) : null}
                <HaltButton
                  subject={{ scope: 'target', id: target.targetId, name: target.name }}
                  label="Halt…"
                />
              </>
            }
          />
          <Parts target={target} canSetUp={canSetUp} />
        </>
      )}
    </DetailPage>
  );
}
