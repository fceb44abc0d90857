'use client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { errorWords, problemsByField } from '@/components/api/error-words';
import { useMe } from '@/components/api/me';
import { useTRPC } from '@/components/api/trpc';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { Dialog } from '@/components/ui/dialog';
import { toast } from '@/components/ui/toaster';
import type { PasskeyView } from '@/server/domain/views';
import { OwnPassword } from './own-password';

/** Takes a passkey away, lost or replaced. */
export function RemovePasskey({ passkey }: { passkey: PasskeyView }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const me = useMe();
  const [open, setOpen] = useState(false);
  const form = `remove-${passkey.passkeyId}`;
  const remove = useMutation(
    trpc.me.removePasskey.mutationOptions({
      onSuccess: () => {
        setOpen(false);
        toast.success(`${passkey.name} is removed`);
        return queries.invalidateQueries({ queryKey: trpc.me.pathKey() });
      },
    }),
  );
  const problems = problemsByField(remove.error);
  const fault = remove.error && Object.keys(problems).length === 0 ? remove.error : null;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const password = new FormData(event.currentTarget).get('password');
    remove.mutate({
      passkeyId: passkey.passkeyId,
      ...(password === null ? {} : { password: String(password) }),
    });
  };
  return (
    <Dialog
      open={open}
      onOpenChange={setOpen}
      trigger={<Button size="sm">Remove…</Button>}
      title={`Remove ${passkey.name}`}
      description="What was approved with it stays approved. Register another one before you need it."
      footer={
        <>
          <Button onClick={() => setOpen(false)}>Cancel</Button>
          <Button type="submit" form={form} variant="danger" busy={remove.isPending}>
            Remove it
          </Button>
        </>
      }
    >
      <form id={form} method="post" onSubmit={submit} className="space-y-4">
        {fault ? (
          <Callout tone="danger" role="alert">
            {errorWords(fault)}
          </Callout>
        ) : null}
        {me.hasPassword ? (
          <OwnPassword error={problems.password} />
        ) : (
          <p>You sign in without a password here.</p>
        )}
      </form>
    </Dialog>
  );
}
