'use client';
import { useQuery } from '@tanstack/react-query';
import { Hammer, OctagonPause, ShieldCheck, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { InertText } from '@/components/agent-words/inert-text';
import { hasRole, useMe } from '@/components/api/me';
import { useTRPC } from '@/components/api/trpc';
import { HaltedWhat } from '@/components/halts/halted-what';
import { useHalts } from '@/components/halts/use-halts';
import { Card } from '@/components/ui/card';
import { Link } from '@/components/ui/link';
import { RelativeTime } from '@/components/ui/relative-time';

const SHOWN = 5;

function Entry({ icon, href, title, children }: EntryProps) {
  return (
    <li className="flex gap-3 px-4 py-3 sm:px-5">
      <span className="mt-0.5 shrink-0 [&_svg]:size-4.5">{icon}</span>
      <div className="min-w-0 text-base">
        <Link href={href} className="font-medium underline underline-offset-2">
          {title}
        </Link>
        <p className="mt-0.5 text-soft text-sm [overflow-wrap:anywhere]">{children}</p>
      </div>
    </li>
  );
}
type EntryProps = { icon: ReactNode; href: string; title: ReactNode; children: ReactNode };

/** Halts in force, what is unusual and nobody has looked at, and releases by one person alone that nobody has reviewed. */
export function Attention() {
  const trpc = useTRPC();
  const closes = hasRole(useMe(), 'owner', 'security_lead');
  const halts = useHalts().filter((halt) => halt.liftedAt === null);
  const found = useQuery(trpc.halt.anomalies.queryOptions()).data?.anomalies ?? [];
  const unusual = found.filter((anomaly) => anomaly.closed === null);
  const reviews = useQuery(trpc.glass.list.queryOptions({}, { enabled: closes })).data ?? [];
  const broken = reviews.filter((review) => review.closed === null);
  const entries = [
    ...halts.map((halt) => (
      <Entry
        key={halt.haltId}
        icon={<OctagonPause aria-hidden className="text-danger-text" />}
        href="/halts"
        title={
          <>
            <HaltedWhat halt={halt} /> is halted
          </>
        }
      >
        {halt.engagedBy}, <RelativeTime at={halt.engagedAt} />: “<InertText text={halt.reason} />”
      </Entry>
    )),
    ...broken.map((review) => (
      <Entry
        key={review.actionId}
        icon={<Hammer aria-hidden className="text-danger-text" />}
        href={`/actions/${review.actionId}`}
        title={`${review.by.name} released an action alone`}
      >
        <RelativeTime at={review.at} />. Somebody else has to review it.
      </Entry>
    )),
    ...unusual.map((anomaly) => (
      <Entry
        key={anomaly.anomalyId}
        icon={<TriangleAlert aria-hidden className="text-caution-text" />}
        href="/halts#anomalies"
        title={`${anomaly.agent.name} is unusual`}
      >
        {anomaly.what}. <RelativeTime at={anomaly.at} />
      </Entry>
    )),
  ];
  return (
    <Card id="attention" title="Needs somebody to look" flush className="self-start">
      {entries.length === 0 ? (
        <p className="flex gap-3 px-4 py-5 text-base text-soft sm:px-5">
          <ShieldCheck aria-hidden className="mt-0.5 size-4.5 shrink-0 text-good-text" />
          No halt is in force, nothing is unusual, and every release went by its policy.
        </p>
      ) : (
        <ul className="divide-y divide-line">{entries.slice(0, SHOWN)}</ul>
      )}
      {entries.length > SHOWN ? (
        <p className="border-line border-t px-4 py-3 text-sm sm:px-5">
          <Link href="/halts" className="underline underline-offset-2">
            And {entries.length - SHOWN} more
          </Link>
        </p>
      ) : null}
    </Card>
  );
}
