'use client';
import { useMutation, useQuery } from '@tanstack/react-query';
import { History } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { errorWords } from '@/components/api/error-words';
import { useTRPC } from '@/components/api/trpc';
import { ReasonDialog } from '@/components/apply/reason-dialog';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { Link } from '@/components/ui/link';
import { RelativeTime } from '@/components/ui/relative-time';
import type { VersionSummary, VersionView } from '@/server/domain/policy-views';
import { PolicyDiff } from './policy-diff';

function Restore({ version }: { version: number }) {
  const trpc = useTRPC();
  const router = useRouter();
  const restore = useMutation(trpc.policy.restore.mutationOptions());
  return (
    <ReasonDialog
      trigger={<Button size="sm">Restore…</Button>}
      title={`Restore ${version === 0 ? 'what ships' : `version ${version}`}`}
      description="Its content is proposed as a new version. Another owner or security lead has to agree."
      confirm="Propose it"
      variant="primary"
      placeholder="The new bounds hold too much"
      error={restore.error ? errorWords(restore.error) : null}
      busy={restore.isPending}
      onConfirm={(note) =>
        restore.mutateAsync({ version, note }).then(
          ({ actionId }) => {
            router.push(`/actions/${actionId}`);
            return true;
          },
          () => false,
        )
      }
    />
  );
}

function Difference({ version }: { version: number }) {
  const trpc = useTRPC();
  const { data, error } = useQuery(trpc.policy.version.queryOptions({ version }));
  if (error) return <p className="px-4 py-3 text-danger-text sm:px-5">{errorWords(error)}</p>;
  return data ? <PolicyDiff diff={(data as VersionView).diff} /> : null;
}

function Row({
  version,
  text,
  isInForce,
  mayRestore,
}: {
  version: number;
  text: React.ReactNode;
  isInForce: boolean;
  mayRestore: boolean;
}) {
  const [open, setOpen] = useState(false);
  return (
    <li>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2 px-4 py-3 sm:px-5">
        <span className="w-20 shrink-0 font-medium">{version === 0 ? 'Shipped' : `Version ${version}`}</span>
        <div className="min-w-0 flex-1 basis-60 text-base text-soft">{text}</div>
        {isInForce ? (
          <span className="text-good-text text-sm">In force</span>
        ) : (
          <div className="flex gap-2">
            <Button size="sm" variant="ghost" aria-expanded={open} onClick={() => setOpen(!open)}>
              {open ? 'Hide' : 'Compare'}
            </Button>
            {mayRestore ? <Restore version={version} /> : null}
          </div>
        )}
      </div>
      {open ? <Difference version={version} /> : null}
    </li>
  );
}

/** Every version there was, who wrote it and who agreed, and the way back to it. */
export function VersionList({
  versions,
  inForce,
  mayRestore,
}: {
  versions: readonly VersionSummary[];
  inForce: number;
  mayRestore: boolean;
}) {
  return (
    <Card id="versions" title="Versions" aside={<History aria-hidden className="size-4 text-faint" />} flush>
      <ul className="divide-y divide-line">
        {versions.map((v) => (
          <Row
            key={v.version}
            version={v.version}
            isInForce={v.version === inForce}
            mayRestore={mayRestore}
            text={
              <>
                {v.note}{' '}
                <span className="text-faint text-sm">
                  {v.proposer}, agreed by {v.approvedBy.join(', ')}, <RelativeTime at={v.publishedAt} />.{' '}
                  <Link href={`/actions/${v.actionId}`} className="underline">
                    How it was decided
                  </Link>
                </span>
              </>
            }
          />
        ))}
        <Row
          version={0}
          isInForce={inForce === 0}
          mayRestore={mayRestore}
          text="The policies that ship with Holdpoint."
        />
      </ul>
    </Card>
  );
}
