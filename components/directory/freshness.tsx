'use client';
import { useQuery } from '@tanstack/react-query';
import { useTRPC } from '@/components/api/trpc';
import { Callout } from '@/components/ui/callout';
import { Card } from '@/components/ui/card';
import { counted } from '@/components/ui/number-words';
import { RelativeTime } from '@/components/ui/relative-time';
import { useNow } from '@/components/ui/use-now';
import type { DirectoryOverview } from '@/server/domain/directory-views';

const STALE_MS = 48 * 3600 * 1000;
const SOURCES = { hand: 'kept by hand', scim: 'by SCIM', file: 'from files' } as const;

function Warnings({ overview }: { overview: DirectoryOverview }) {
  const now = useNow();
  const { syncedAt } = overview;
  const stale = syncedAt !== null && now - Date.parse(syncedAt) > STALE_MS;
  return (
    <>
      {stale ? (
        <Callout tone="caution" title="The directory is old">
          A source was last heard of <RelativeTime at={syncedAt} />. Who joined or left since is in no
          audience: check the provisioning in your identity provider, or import the file again.
        </Callout>
      ) : null}
      {overview.domains.length === 0 ? (
        <Callout tone="caution" title="Nobody has said which mail domains are yours">
          Until then an address that nobody here has could be a list of your own, and counts as reaching
          nobody knows whom. Set <code>directory: {'{ domains: […] }'}</code> with “Edit as a document”.
        </Callout>
      ) : null}
    </>
  );
}

/** What the directory holds, who keeps it, and how old it is. */
export function Freshness() {
  const trpc = useTRPC();
  const { data } = useQuery(trpc.directory.overview.queryOptions());
  if (!data) return <Card className="min-h-28">{null}</Card>;
  const kept = (['scim', 'file', 'hand'] as const).filter((source) => data.sources[source] > 0);
  return (
    <div className="space-y-3">
      <Warnings overview={data} />
      <Card>
        <dl className="grid gap-x-6 gap-y-3 text-base sm:grid-cols-3">
          <div>
            <dt className="text-faint text-sm">Last synchronised</dt>
            <dd className="font-medium">
              {data.syncs.length === 0
                ? 'never: it is kept by hand'
                : data.syncs.map((sync) => (
                    <span key={sync.source} className="block [overflow-wrap:anywhere]">
                      <RelativeTime at={sync.at} focusable /> {SOURCES[sync.source]} ({sync.by})
                    </span>
                  ))}
            </dd>
          </div>
          <div>
            <dt className="text-faint text-sm">Entries</dt>
            <dd className="font-medium">
              {kept
                .map((source) => `${counted(data.sources[source], 'entry', 'entries')} ${SOURCES[source]}`)
                .join(', ') || 'none'}
              {data.disabled > 0 ? (
                <span className="block font-normal text-soft">{data.disabled} disabled</span>
              ) : null}
            </dd>
          </div>
          <div>
            <dt className="text-faint text-sm">Mail domains of yours</dt>
            <dd className="font-medium [overflow-wrap:anywhere]">
              {data.domains.join(', ') || 'none declared'}
            </dd>
          </div>
        </dl>
      </Card>
    </div>
  );
}
