'use client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useId, useState } from 'react';
import { errorWords } from '@/components/api/error-words';
import { hasRole, useMe } from '@/components/api/me';
import { useTRPC } from '@/components/api/trpc';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { LinkOnce } from './link-once';
import { type PersonDraft, PersonForm } from './person-form';

const EMPTY: PersonDraft = { email: '', name: '', roles: ['reviewer'], clearances: [] };

/** Invites somebody new: answers with the one-time link to give them. */
export function InviteDialog({ trigger }: { trigger: ReactNode }) {
  const [open, setOpen] = useState(false);
  const trpc = useTRPC();
  const queries = useQueryClient();
  const isOwner = hasRole(useMe(), 'owner');
  const form = useId();
  const invite = useMutation(
    trpc.setup.invite.mutationOptions({
      onSuccess: () => void queries.invalidateQueries({ queryKey: trpc.catalog.pathKey() }),
    }),
  );
  const change = (next: boolean) => {
    setOpen(next);
    invite.reset();
  };
  return (
    <Dialog
      open={open}
      onOpenChange={change}
      trigger={trigger}
      width="md"
      title={invite.data ? 'The invitation' : 'Invite somebody'}
      footer={
        invite.data ? (
          <Button variant="primary" onClick={() => change(false)}>
            Done
          </Button>
        ) : (
          <>
            <Button onClick={() => change(false)}>Cancel</Button>
            <Button type="submit" form={form} variant="primary" busy={invite.isPending}>
              Make the invitation
            </Button>
          </>
        )
      }
    >
      {invite.data ? (
        <LinkOnce
          name={invite.variables?.name ?? 'them'}
          url={invite.data.url}
          expiresAt={invite.data.expiresAt}
        />
      ) : (
        <PersonForm
          id={form}
          draft={EMPTY}
          isNew
          mayGivePower={isOwner}
          error={invite.error ? errorWords(invite.error) : null}
          onSubmit={(draft) => invite.mutate(draft)}
        />
      )}
    </Dialog>
  );
}
