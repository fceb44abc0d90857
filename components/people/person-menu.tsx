'use client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { KeyRound, LogOut, MoreHorizontal, Pencil } from 'lucide-react';
import { useState } from 'react';
import { errorWords } from '@/components/api/error-words';
import { useTRPC } from '@/components/api/trpc';
import { Dialog } from '@/components/ui/dialog';
import { IconButton } from '@/components/ui/icon-button';
import { Menu, MenuItem } from '@/components/ui/menu';
import { counted } from '@/components/ui/number-words';
import { toast } from '@/components/ui/toaster';
import type { PersonListItem } from '@/server/domain/catalog-views';
import { EditPersonDialog } from './edit-person-dialog';
import { LinkOnce } from './link-once';

/** What administrators do with somebody: change them, let them set a password, sign them out. */
export function PersonMenu({ person }: { person: PersonListItem }) {
  const [isEditing, setEditing] = useState(false);
  const trpc = useTRPC();
  const queries = useQueryClient();
  const refresh = () => void queries.invalidateQueries({ queryKey: trpc.catalog.pathKey() });
  const onError = (error: unknown) => void toast.error(errorWords(error));
  const link = useMutation(trpc.setup.invite.mutationOptions({ onSuccess: refresh, onError }));
  const signOut = useMutation(
    trpc.admin.revokeSessions.mutationOptions({
      onError,
      onSuccess: ({ ended }) => {
        refresh();
        toast.success(`${person.name} is signed out`, { description: `${counted(ended, 'session')} ended.` });
      },
    }),
  );
  return (
    <>
      <Menu
        trigger={
          <IconButton label={`More about ${person.name}`}>
            <MoreHorizontal />
          </IconButton>
        }
      >
        <MenuItem onSelect={() => setEditing(true)}>
          <Pencil /> Change…
        </MenuItem>
        <MenuItem
          disabled={person.disabledAt !== null || person.roles.length === 0}
          onSelect={() => link.mutate({ email: person.email })}
        >
          <KeyRound /> {person.hasPassword ? 'Link to set a new password' : 'Invitation link'}
        </MenuItem>
        <MenuItem
          danger
          disabled={person.sessions === 0}
          onSelect={() => signOut.mutate({ personId: person.personId })}
        >
          <LogOut /> Sign out everywhere
        </MenuItem>
      </Menu>
      <EditPersonDialog person={person} open={isEditing} onOpenChange={setEditing} />
      <Dialog
        open={link.data !== undefined}
        onOpenChange={() => link.reset()}
        title={link.data?.purpose === 'reset' ? 'A new password' : 'The invitation'}
      >
        {link.data ? (
          <LinkOnce name={person.name} url={link.data.url} expiresAt={link.data.expiresAt} />
        ) : null}
      </Dialog>
    </>
  );
}
