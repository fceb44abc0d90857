'use client';
import { useMutation } from '@tanstack/react-query';
import { PencilLine } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { type FormEvent, useId, useState } from 'react';
import { errorWords } from '@/components/api/error-words';
import { useTRPC } from '@/components/api/trpc';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';

/** Begins a draft from the version in force. */
export function NewDraft() {
  const trpc = useTRPC();
  const router = useRouter();
  const [name, setName] = useState('');
  const form = useId();
  const begin = useMutation(
    trpc.policy.beginDraft.mutationOptions({
      onSuccess: ({ draftId }) => router.push(`/policy/drafts/${draftId}`),
    }),
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() !== '') begin.mutate({ name: name.trim() });
  };
  return (
    <Dialog
      trigger={
        <Button variant="primary">
          <PencilLine /> New draft
        </Button>
      }
      title="Begin a draft"
      description="It starts with everything that is in force. Nothing changes until it is published, and that takes a second person."
      footer={
        <Button
          type="submit"
          form={form}
          variant="primary"
          busy={begin.isPending}
          disabled={name.trim() === ''}
        >
          Begin
        </Button>
      }
    >
      <form id={form} onSubmit={submit}>
        <Field label="What it is about" error={begin.error ? errorWords(begin.error) : null}>
          {(control) => (
            <Input
              {...control}
              value={name}
              maxLength={120}
              placeholder="Payroll decides about payroll"
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
      </form>
    </Dialog>
  );
}
