'use client';
import { useQuery } from '@tanstack/react-query';
import { hasRole, useMe } from '@/components/api/me';
import { useTRPC } from '@/components/api/trpc';
import { DetailPage } from '@/components/apply/detail-page';
import { guardedClasses } from '@/components/apply/guarded-classes';
import { Badge } from '@/components/ui/badge';
import { Card } from '@/components/ui/card';
import { ClassChips } from '@/components/ui/class-chip';
import { Link } from '@/components/ui/link';
import { PageHeader } from '@/components/ui/page-header';
import { dayWords } from '@/components/ui/time-words';
import type { PersonDetailView } from '@/server/domain/catalog-views';
import { OPEN_TO_PEOPLE } from '@/server/domain/vocabulary';
import { DecidedList } from './decided-list';
import { PersonMenu } from './person-menu';
import { RoleList } from './role-list';

function Rights({ person }: { person: PersonDetailView }) {
  return (
    <Card id="rights" title="What they may do and see">
      {person.roles.length === 0 ? (
        <p className="text-base text-soft">No role: they are known here, and cannot sign in.</p>
      ) : (
        <RoleList roles={person.roles} />
      )}
      <div className="mt-3">
        <ClassChips
          names={guardedClasses(person.clearances, OPEN_TO_PEOPLE)}
          none="Sees public and internal data."
        />
      </div>
      {person.groups.length > 0 ? (
        <p className="mt-3 text-base text-soft">Directly in {person.groups.join(', ')}.</p>
      ) : null}
    </Card>
  );
}

function Owns({ person }: { person: PersonDetailView }) {
  return (
    <Card id="owns" title="Agents they answer for">
      {person.owned.length === 0 ? (
        <p className="text-base text-soft">None.</p>
      ) : (
        <>
          <ul className="flex flex-wrap gap-x-4 gap-y-2 text-base">
            {person.owned.map((agent) => (
              <li key={agent.id}>
                <Link href={`/agents/${agent.id}`} className="underline underline-offset-2">
                  {agent.name}
                </Link>
              </li>
            ))}
          </ul>
          <p className="mt-3 text-faint text-sm">They have no vote on what these plan.</p>
        </>
      )}
    </Card>
  );
}

/** One person: what they may do and see, which agents they answer for, what they decided. */
export function PersonView({ personId }: { personId: string }) {
  const me = useMe();
  const canSetUp = hasRole(me, 'owner', 'security_lead');
  const query = useQuery(useTRPC().catalog.person.queryOptions({ personId }));
  return (
    <DetailPage back={{ href: '/people', label: 'People' }} query={query} loading="Loading the person">
      {(person) => (
        <>
          <PageHeader
            title={
              <span className="flex flex-wrap items-center gap-3">
                <span className="[overflow-wrap:anywhere]">{person.name}</span>
                {person.away ? <Badge tone="notice">away until {dayWords(person.away.until)}</Badge> : null}
                {person.disabledAt ? <Badge tone="danger">disabled</Badge> : null}
              </span>
            }
            description={person.email}
            action={canSetUp ? <PersonMenu person={person} /> : null}
          />
          <div className="flex flex-col gap-5">
            <Rights person={person} />
            <Owns person={person} />
            <Card id="decided" title="Decided in the last thirty days" flush>
              <DecidedList decided={person.decided} isYou={person.personId === me.personId} />
            </Card>
          </div>
        </>
      )}
    </DetailPage>
  );
}
