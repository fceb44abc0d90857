'use client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useRef } from 'react';
import { errorWords, problemsByField } from '@/components/api/error-words';
import { useTRPC } from '@/components/api/trpc';
import { PasswordInput } from '@/components/sign-in/password-input';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { Field } from '@/components/ui/field';
import { counted } from '@/components/ui/number-words';
import { toast } from '@/components/ui/toaster';

/** Changes one's own password: the old one is asked for, and everywhere else one is signed out. */
export function PasswordForm({ email }: { email: string }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const form = useRef<HTMLFormElement>(null);
  const change = useMutation(
    trpc.me.changePassword.mutationOptions({
      onSuccess: ({ endedSessions }) => {
        form.current?.reset();
        void queries.invalidateQueries({ queryKey: trpc.me.pathKey() });
        toast.success('Your password is changed', {
          description:
            endedSessions === 0
              ? 'You were signed in nowhere else.'
              : `${counted(endedSessions, 'other session')} ended.`,
        });
      },
    }),
  );
  const problems = problemsByField(change.error);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    change.mutate({
      current: String(fields.get('current') ?? ''),
      password: String(fields.get('password') ?? ''),
    });
  };
  const elsewhere = change.error && Object.keys(problems).length === 0 ? errorWords(change.error) : null;
  return (
    <form
      ref={form}
      method="post"
      onSubmit={submit}
      aria-label="Change your password"
      className="flex max-w-104 flex-col gap-4"
    >
      {elsewhere === null ? null : (
        <Callout tone="danger" role="alert">
          {elsewhere}
        </Callout>
      )}
      {/* For password managers: which account this is about. */}
      <input type="hidden" name="username" autoComplete="username" value={email} />
      <Field label="Current password" error={problems.current}>
        {(control) => (
          <PasswordInput
            {...control}
            name="current"
            autoComplete="current-password"
            required
            maxLength={1000}
          />
        )}
      </Field>
      <Field
        label="New password"
        hint="At least 12 characters. A few unrelated words make a good one."
        error={problems.password}
      >
        {(control) => (
          <PasswordInput
            {...control}
            name="password"
            autoComplete="new-password"
            required
            minLength={12}
            maxLength={256}
          />
        )}
      </Field>
      <p className="text-faint text-sm">Everywhere else you are signed out.</p>
      <Button type="submit" variant="primary" busy={change.isPending} className="self-start">
        Change password
      </Button>
    </form>
  );
}
