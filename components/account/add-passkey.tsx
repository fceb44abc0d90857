'use client';
import { startRegistration } from '@simplewebauthn/browser';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Fingerprint } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { errorWords, problemsByField } from '@/components/api/error-words';
import { useMe } from '@/components/api/me';
import { useTRPC } from '@/components/api/trpc';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { Dialog } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { toast } from '@/components/ui/toaster';
import { OwnPassword } from './own-password';

type Options = Parameters<typeof startRegistration>[0]['optionsJSON'];

/** Has the browser make a passkey and keeps it. */
export function AddPasskey() {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const me = useMe();
  const [open, setOpen] = useState(false);
  const begin = useMutation(trpc.me.beginPasskey.mutationOptions());
  const add = useMutation(trpc.me.addPasskey.mutationOptions());
  const [failed, setFailed] = useState<string | null>(null);
  const problems = { ...problemsByField(begin.error), ...problemsByField(add.error) };
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    setFailed(null);
    try {
      const password = fields.get('password');
      const { options } = await begin.mutateAsync(password === null ? {} : { password: String(password) });
      const response = await startRegistration({ optionsJSON: options as Options });
      await add.mutateAsync({ name: String(fields.get('name')), response: { ...response } });
      setOpen(false);
      toast.success('Passkey registered');
      await queries.invalidateQueries({ queryKey: trpc.me.pathKey() });
    } catch (error) {
      const refused = problemsByField(error);
      if (Object.keys(refused).length === 0) setFailed(errorWords(error));
    }
  };
  return (
    <Dialog
      open={open}
      onOpenChange={setOpen}
      trigger={
        <Button>
          <Fingerprint /> Add a passkey…
        </Button>
      }
      title="Add a passkey"
      description="Your browser asks for a fingerprint, a face, a PIN or a security key. Nothing of it leaves your device but a public key."
      footer={
        <>
          <Button onClick={() => setOpen(false)}>Cancel</Button>
          <Button type="submit" form="add-passkey" variant="primary" busy={begin.isPending || add.isPending}>
            Continue
          </Button>
        </>
      }
    >
      <form id="add-passkey" method="post" onSubmit={submit} className="space-y-4">
        {failed ? (
          <Callout tone="danger" role="alert">
            {failed}
          </Callout>
        ) : null}
        <Field label="Name" hint="To tell it from others: the device it is on." error={problems.name}>
          {(control) => (
            <Input
              {...control}
              name="name"
              required
              maxLength={100}
              autoComplete="off"
              placeholder="Laptop"
            />
          )}
        </Field>
        {me.hasPassword ? <OwnPassword error={problems.password} /> : null}
      </form>
    </Dialog>
  );
}
