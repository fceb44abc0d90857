'use client';
import { Database, FolderTree, Globe, Plus, Wrench } from 'lucide-react';
import { errorWords } from '@/components/api/error-words';
import { hasRole, useMe } from '@/components/api/me';
import { ListSkeleton } from '@/components/apply/list-skeleton';
import { MoreButton } from '@/components/apply/more-button';
import { useCatalogPages } from '@/components/apply/use-catalog-pages';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { Card } from '@/components/ui/card';
import { EmptyState } from '@/components/ui/empty-state';
import { Link } from '@/components/ui/link';
import { PageHeader } from '@/components/ui/page-header';
import type { TargetListItem } from '@/server/domain/catalog-views';
import { CoverageBar } from './coverage-bar';
import { FilesTargetDialog } from './files-target-dialog';
import { HttpTargetDialog } from './http-target-dialog';
import { TargetDialog } from './target-dialog';
import { TargetState } from './target-state';

const ICONS = { postgres: Database, http: Globe, files: FolderTree } as const;

function TargetRow({ target }: { target: TargetListItem }) {
  const KindIcon = ICONS[target.kind];
  return (
    <li className="relative grid gap-x-6 gap-y-2 px-4 py-3.5 hover:bg-hover sm:grid-cols-[minmax(0,1fr)_12rem_8rem] sm:items-center sm:px-5">
      <div className="min-w-0">
        <Link
          href={`/targets/${target.targetId}`}
          className="font-medium text-base after:absolute after:inset-0"
        >
          <KindIcon aria-hidden className="mr-2 inline size-4 align-[-2px] text-faint" />
          {target.name}
        </Link>
        <p className="truncate font-mono text-faint text-sm">{target.address}</p>
      </div>
      <CoverageBar coverage={target.coverage} kind={target.kind} />
      <span className="sm:justify-self-end">
        <TargetState target={target} />
      </span>
    </li>
  );
}

/** Every database, service and folder agents can act on, and the way to add one. */
export function TargetsView() {
  const canSetUp = hasRole(useMe(), 'owner', 'security_lead');
  const list = useCatalogPages('targets');
  const targets = list.items ?? [];
  const add = canSetUp ? (
    <>
      <HttpTargetDialog
        trigger={
          <Button>
            <Globe /> Register a service
          </Button>
        }
      />
      <FilesTargetDialog
        trigger={
          <Button>
            <FolderTree /> Register a folder
          </Button>
        }
      />
      <TargetDialog
        trigger={
          <Button variant="primary">
            <Plus /> Register a database
          </Button>
        }
      />
    </>
  ) : null;
  return (
    <div className="mx-auto w-full max-w-[64rem]">
      <PageHeader
        title="Targets"
        description="What agents act on. Holdpoint holds the credentials, measures what a call would touch, and runs what is released."
        action={
          <>
            <Button asChild>
              <Link href="/tools">
                <Wrench /> Tools
              </Link>
            </Button>
            {targets.length > 0 ? add : null}
          </>
        }
      />
      {list.error ? (
        <Callout tone="danger" role="alert" action={<Button onClick={list.onRetry}>Try again</Button>}>
          {errorWords(list.error)}
        </Callout>
      ) : (
        <Card flush>
          {list.items === null ? (
            <ListSkeleton label="Loading targets" />
          ) : targets.length === 0 ? (
            <EmptyState icon={<Database />} title="No target yet" action={add}>
              Register a PostgreSQL database, an HTTP service or a folder: agents plan what to do there
              without ever holding its password.
            </EmptyState>
          ) : (
            <ul className="divide-y divide-line">
              {targets.map((target) => (
                <TargetRow key={target.targetId} target={target} />
              ))}
            </ul>
          )}
          <MoreButton list={list} />
        </Card>
      )}
    </div>
  );
}
