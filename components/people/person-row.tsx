import { guardedClasses } from '@/components/apply/guarded-classes';
import { Badge } from '@/components/ui/badge';
import { ClassChips } from '@/components/ui/class-chip';
import { Link } from '@/components/ui/link';
import { counted } from '@/components/ui/number-words';
import { dayWords } from '@/components/ui/time-words';
import type { PersonListItem } from '@/server/domain/catalog-views';
import { OPEN_TO_PEOPLE } from '@/server/domain/vocabulary';
import { PersonMenu } from './person-menu';
import { ROLE_WORDS } from './role-words';

function Facts({ person }: { person: PersonListItem }) {
  const facts = [
    person.groups.length > 0 ? `in ${person.groups.join(', ')}` : null,
    person.agents.length > 0 ? `owns ${person.agents.join(', ')}` : null,
    person.sessions ? `${counted(person.sessions, 'open session')}` : null,
    person.hasPassword || person.roles.length === 0 ? null : 'has not signed in yet',
  ].filter((fact) => fact !== null);
  return facts.length === 0 ? null : <p className="text-faint text-sm">{facts.join(' · ')}</p>;
}

/** One person: what they may do and see, and where they stand. */
export function PersonRow({
  person,
  isYou,
  canSetUp,
}: {
  person: PersonListItem;
  isYou: boolean;
  canSetUp: boolean;
}) {
  return (
    <li className="flex items-start gap-3 px-4 py-3.5 sm:px-5">
      <div className="grid min-w-0 flex-1 gap-x-6 gap-y-2 sm:grid-cols-[minmax(0,1fr)_minmax(0,1fr)]">
        <div className="min-w-0">
          <p className="flex flex-wrap items-center gap-2 font-medium text-base">
            <Link href={`/people/${person.personId}`} className="underline-offset-2 hover:underline">
              {person.name}
            </Link>
            {isYou ? <span className="font-normal text-faint text-sm">you</span> : null}
            {person.away ? (
              <Badge tone="notice">
                away until {dayWords(person.away.until)}
                {person.away.standIn ? `, ${person.away.standIn.name} decides` : ''}
              </Badge>
            ) : null}
            {person.disabledAt ? <Badge tone="danger">disabled</Badge> : null}
          </p>
          <p className="truncate text-soft text-sm">{person.email}</p>
          <Facts person={person} />
        </div>
        <div className="min-w-0 space-y-1.5">
          <p className="flex flex-wrap gap-1">
            {person.roles.length === 0 ? (
              <span className="text-faint text-sm">no role, cannot sign in</span>
            ) : (
              person.roles.map((role) => <Badge key={role}>{ROLE_WORDS[role].name}</Badge>)
            )}
          </p>
          <ClassChips
            names={guardedClasses(person.clearances, OPEN_TO_PEOPLE)}
            none="sees public and internal data"
          />
        </div>
      </div>
      {canSetUp ? <PersonMenu person={person} /> : null}
    </li>
  );
}
