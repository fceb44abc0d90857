'use client';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { errorWords } from '@/components/api/error-words';
import { useTRPC } from '@/components/api/trpc';
import { ListSkeleton } from '@/components/apply/list-skeleton';
import { Badge } from '@/components/ui/badge';
import { Callout } from '@/components/ui/callout';
import { ClassChips } from '@/components/ui/class-chip';
import { Dialog } from '@/components/ui/dialog';
import { Input } from '@/components/ui/input';
import type { DirectoryGroupItem, DirectoryMemberItem } from '@/server/domain/directory-views';

const SHOWN = 200;

function Member({ member, group }: { member: DirectoryMemberItem; group: string }) {
  const through = member.via.filter((name) => name !== group);
  return (
    <li className="flex flex-wrap items-start justify-between gap-x-4 gap-y-1 py-2 [overflow-wrap:anywhere]">
      <div className="min-w-0 flex-1 basis-52">
        <p className="flex flex-wrap items-center gap-2 font-medium text-base">
          {member.name}
          {member.kind === 'person' ? null : (
            <Badge tone="caution">{member.kind === 'external' ? 'outside' : member.kind}</Badge>
          )}
        </p>
        <p className="text-soft text-sm">
          {through.length === 0 ? 'directly' : `through ${through.join(' → ')}`}
        </p>
      </div>
      {member.kind === 'external' ? null : <ClassChips names={member.clearances} none="no clearance" />}
    </li>
  );
}

function Members({ groupId, name }: { groupId: string; name: string }) {
  const trpc = useTRPC();
  const [q, setQ] = useState('');
  const { data, error } = useQuery(trpc.directory.group.queryOptions({ groupId }));
  if (error) {
    return (
      <Callout tone="danger" role="alert">
        {errorWords(error)}
      </Callout>
    );
  }
  if (!data) return <ListSkeleton label="Loading members" />;
  const fitting = data.members.filter((m) => m.name.toLowerCase().includes(q.trim().toLowerCase()));
  return (
    <div className="space-y-3">
      {data.gap ? (
        <Callout tone="hold" title="Not everybody is known">
          {data.gap}
        </Callout>
      ) : null}
      {data.members.length > 8 ? (
        <Input
          type="search"
          aria-label="Find a member"
          placeholder="Name"
          value={q}
          onChange={(event) => setQ(event.target.value)}
        />
      ) : null}
      <ul className="divide-y divide-line">
        {fitting.slice(0, SHOWN).map((member) => (
          <Member key={member.id} member={member} group={name} />
        ))}
      </ul>
      {fitting.length === 0 ? <p className="text-base text-soft">Nobody.</p> : null}
      {fitting.length > SHOWN ? (
        <p className="text-soft text-sm">and {fitting.length - SHOWN} more; search to find them.</p>
      ) : null}
    </div>
  );
}

/** Everybody a group reaches, and through which groups inside it. */
export function GroupDialog({ group, trigger }: { group: DirectoryGroupItem; trigger: ReactNode }) {
  const [open, setOpen] = useState(false);
  return (
    <Dialog
      open={open}
      onOpenChange={setOpen}
      trigger={trigger}
      width="md"
      title={group.name}
      description="Everybody who receives what is sent to it, each once."
    >
      {open ? <Members groupId={group.groupId} name={group.name} /> : null}
    </Dialog>
  );
}
