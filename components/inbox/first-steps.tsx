'use client';
import { useQuery } from '@tanstack/react-query';
import { CircleCheck, CircleDashed, Hand } from 'lucide-react';
import type { ReactNode } from 'react';
import { hasRole, useMe } from '@/components/api/me';
import { useTRPC } from '@/components/api/trpc';
import { useCatalogPages } from '@/components/apply/use-catalog-pages';
import { CopyButton } from '@/components/ui/copy-button';
import { EmptyState } from '@/components/ui/empty-state';
import { Link } from '@/components/ui/link';
import type { AgentListItem, PersonListItem } from '@/server/domain/catalog-views';

function Step({ done, title, children }: { done: boolean; title: ReactNode; children: ReactNode }) {
  return (
    <li className="flex gap-3 py-3.5">
      {done ? (
        <CircleCheck aria-label="Done" className="mt-0.5 size-5 shrink-0 text-good-text" />
      ) : (
        <CircleDashed aria-label="To do" className="mt-0.5 size-5 shrink-0 text-faint" />
      )}
      <div className="min-w-0 flex-1">
        <p className="font-medium">{title}</p>
        <div className="mt-0.5 text-soft">{children}</div>
      </div>
    </li>
  );
}

const Go = ({ href, children }: { href: string; children: ReactNode }) => (
  <Link href={href} className="font-medium text-ink underline underline-offset-2">
    {children}
  </Link>
);

const snippet = (tool: string): string =>
  [
    `curl -X POST ${globalThis.location?.origin ?? ''}/api/trpc/agent.submit \\`,
    `  -H "Authorization: Bearer $HOLDPOINT_KEY" -H "Content-Type: application/json" \\`,
    `  -d '{"tool": "${tool}", "args": {"statement": "UPDATE … WHERE …"}, "reason": "A first try"}'`,
  ].join('\n');

/** Whether some agent has somebody who could decide on it: its owner never does. */
function hasReviewer(people: readonly PersonListItem[], agents: readonly AgentListItem[]): boolean {
  const decide = people.filter((p) => p.disabledAt === null && p.roles.some((role) => role !== 'auditor'));
  return agents.length === 0
    ? decide.length > 1
    : agents.some(({ owner }) => decide.some(({ personId }) => personId !== owner.id));
}

function Steps({ children }: { children: ReactNode }) {
  return (
    <div className="mx-auto max-w-2xl px-5 py-10 sm:px-8">
      <h2 className="font-semibold text-lg">From here to the first decision</h2>
      <p className="mt-1 text-soft">
        Nothing has been planned in this workspace yet. Four steps, a few minutes; this list follows along.
      </p>
      <ol className="mt-4 divide-y divide-line border-line border-y">{children}</ol>
    </div>
  );
}

/** What stands in an inbox that nothing waits in: how to get there, as long as nothing was ever planned. */
export function FirstSteps() {
  const trpc = useTRPC();
  const canSetUp = hasRole(useMe(), 'owner', 'security_lead');
  const planned = useQuery(trpc.review.list.queryOptions({ limit: 1 }));
  const targets = useCatalogPages('targets').items;
  const agents = useCatalogPages('agents').items;
  const people = useCatalogPages('people').items;
  if (!canSetUp || !planned.data || planned.data.items.length > 0 || !targets || !agents || !people) {
    return (
      <EmptyState icon={<Hand />} title="No agent is waiting">
        When an agent plans something that policy holds, it appears here by itself, with what it would touch.
      </EmptyState>
    );
  }
  const tool = targets.flatMap((target) => target.tools)[0]?.name ?? 'your.sql';
  return (
    <Steps>
      <Step done={targets.length > 0} title="Connect what agents act on">
        A database, a service or a folder, with a role of its own: <Go href="/targets">Targets</Go>. Holdpoint
        keeps the credentials; no agent ever holds them.
      </Step>
      <Step done={agents.length > 0} title="Register an agent">
        It gets a key, shown once, and a person who answers for it: <Go href="/agents">Agents</Go>.
      </Step>
      <Step done={hasReviewer(people, agents)} title="Name somebody else who decides">
        Whoever owns an agent has no vote on what it plans, so it takes a second person:{' '}
        <Go href="/people">People</Go>.
      </Step>
      <Step done={false} title="Let it plan something">
        With its key in <code className="text-sm">HOLDPOINT_KEY</code> and a statement of yours:
        <span className="mt-2 flex items-start gap-2 rounded-md border border-line bg-sunken p-3 text-ink">
          <code className="min-w-0 flex-1 whitespace-pre-wrap text-sm [overflow-wrap:anywhere]">
            {snippet(tool)}
          </code>
          <CopyButton value={snippet(tool)} label="Copy the command" />
        </span>
        <span className="mt-2 block">
          With the demo company of <code className="text-sm">npm start</code>, an agent is ready:{' '}
          <code className="text-sm">npm run demo:agent</code> in another terminal.
        </span>
      </Step>
    </Steps>
  );
}
