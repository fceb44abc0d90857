'use client';
import { DoorOpen, Globe, Hash, Users } from 'lucide-react';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { counted } from '@/components/ui/number-words';
import type { DirectoryGroupItem } from '@/server/domain/directory-views';
import { DirectoryList } from './directory-list';
import { GroupDialog } from './group-dialog';
import { useDirectoryGroups } from './use-directory-pages';

function Group({ group }: { group: DirectoryGroupItem }) {
  const Icon = group.kind === 'channel' ? Hash : Users;
  return (
    <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-2 [overflow-wrap:anywhere]">
      <div className="min-w-0 flex-1 basis-64">
        <p className="flex flex-wrap items-center gap-2 font-medium text-base">
          <Icon aria-hidden className="size-4 shrink-0 text-faint" /> {group.name}
          {group.open ? (
            <Badge tone="hold" icon={<DoorOpen aria-hidden />}>
              anybody may join
            </Badge>
          ) : null}
          {group.external > 0 ? (
            <Badge tone="caution" icon={<Globe aria-hidden />}>
              {counted(group.external, 'outsider')}
            </Badge>
          ) : null}
        </p>
        {group.aliases.length > 0 ? <p className="text-base text-soft">{group.aliases.join(', ')}</p> : null}
        <p className="mt-0.5 text-sm">
          {group.reaches === null ? (
            <span className="text-hold-text">Nobody knows everybody it reaches</span>
          ) : (
            <span className="text-soft">reaches {counted(group.reaches, 'person', 'people')}</span>
          )}
        </p>
      </div>
      <GroupDialog group={group} trigger={<Button size="sm">Who is in it</Button>} />
    </div>
  );
}

/** Groups or channels with how many people each reaches, through nesting. */
export function DirectoryGroups({ kind, q }: { kind: 'group' | 'channel'; q: string }) {
  const list = useDirectoryGroups(kind, q);
  return (
    <DirectoryList
      list={list}
      q={q}
      label={`${kind}s`}
      empty={
        kind === 'channel'
          ? 'No channel yet. What is sent to a channel nobody described here counts as reaching nobody knows whom.'
          : 'No group yet.'
      }
      keyOf={(group) => group.groupId}
    >
      {(group) => <Group group={group} />}
    </DirectoryList>
  );
}
