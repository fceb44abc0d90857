'use client';
import { Forward } from 'lucide-react';
import { Badge } from '@/components/ui/badge';
import { ClassChips } from '@/components/ui/class-chip';
import type { DirectoryPersonItem } from '@/server/domain/directory-views';
import { DirectoryList } from './directory-list';
import { useDirectoryPeople } from './use-directory-pages';

function Person({ person }: { person: DirectoryPersonItem }) {
  const about = [
    ...(person.aliases.length > 0 ? [`also ${person.aliases.join(', ')}`] : []),
    ...(person.manager === null ? [] : [`reports to ${person.manager}`]),
    ...(person.groups.length > 0 ? [`in ${person.groups.join(', ')}`] : []),
  ];
  return (
    <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-2 [overflow-wrap:anywhere]">
      <div className="min-w-0 flex-1 basis-64">
        <p className="flex flex-wrap items-center gap-2 font-medium text-base">
          {person.name}
          {person.kind === 'guest' ? <Badge tone="caution">guest</Badge> : null}
          {person.active ? null : <Badge>disabled: receives nothing</Badge>}
        </p>
        <p className="text-base text-soft">{person.email}</p>
        {about.length > 0 ? <p className="mt-0.5 text-faint text-sm">{about.join('; ')}</p> : null}
        {person.forwardsTo.length > 0 ? (
          <p className="mt-0.5 flex items-start gap-1.5 text-hold-text text-sm">
            <Forward aria-hidden className="mt-0.5 size-4 shrink-0" /> passes mail on to{' '}
            {person.forwardsTo.join(', ')}
          </p>
        ) : null}
      </div>
      <ClassChips names={person.clearances} none="no clearance" />
    </div>
  );
}

/** People of the organisation, or guests of another one. */
export function DirectoryPeople({ kind, q }: { kind: 'member' | 'guest'; q: string }) {
  const list = useDirectoryPeople(kind, q);
  return (
    <DirectoryList
      list={list}
      q={q}
      label={kind === 'guest' ? 'guests' : 'people'}
      empty={
        kind === 'guest'
          ? 'No guest. A guest belongs to another organisation and is known here all the same.'
          : 'Nobody yet. Connect your identity provider, or import a file.'
      }
      keyOf={(person) => person.personId}
    >
      {(person) => <Person person={person} />}
    </DirectoryList>
  );
}
