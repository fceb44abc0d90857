'use client';
import { createTRPCClient, httpLink, TRPCClientError } from '@trpc/client';
import { type FormEvent, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import type { AppRouter } from '@/server/api/trpc/root';
import type { SetupView } from '@/server/domain/views';
import { PasswordInput } from './password-input';
import { signInWithPassword } from './session-requests';

type Problems = Readonly<Record<string, string>>;
const OWNER_FIELDS = [
  {
    name: 'workspace',
    label: 'Workspace',
    hint: 'Your company or team.',
    type: 'text',
    autoComplete: 'organization',
  },
  { name: 'name', label: 'Your name', hint: undefined, type: 'text', autoComplete: 'name' },
  { name: 'email', label: 'Your e-mail address', hint: undefined, type: 'email', autoComplete: 'username' },
] as const;

const api = createTRPCClient<AppRouter>({ links: [httpLink({ url: '/api/trpc' })] });

/** What the server found wrong, by field; under '' what belongs to none. */
function problemsOf(error: unknown): Problems {
  if (!(error instanceof TRPCClientError) || error.data === undefined) {
    return { '': 'Holdpoint cannot be reached. Check your connection and try again.' };
  }
  const { problems } = error.data as { problems?: { pointer: string; message: string }[] };
  const byField = (problems ?? []).map(({ pointer, message }) => [pointer.split('/').at(-1) ?? '', message]);
  return byField.length > 0 ? Object.fromEntries(byField) : { '': error.message };
}

/** Sets the password a link was made for (and makes the workspace, for the first owner), then signs in. */
export function SetupForm({ token, setup }: { token: string; setup: SetupView }) {
  const [busy, setBusy] = useState(false);
  const [problems, setProblems] = useState<Problems>({});
  const isOwner = setup.purpose === 'owner';

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fields = Object.fromEntries(new FormData(event.currentTarget)) as Record<string, string>;
    const { workspace = '', name = '', email = '', password = '' } = fields;
    setBusy(true);
    setProblems({});
    try {
      const owner = isOwner ? { owner: { workspace, name, email } } : {};
      const done = await api.setup.accept.mutate({ token, password, ...owner });
      const refused = await signInWithPassword(done.email, password);
      // The password is set either way; signing in by hand then says what is in the way.
      window.location.assign(refused === null ? '/' : '/sign-in');
    } catch (error) {
      setProblems(problemsOf(error));
      setBusy(false);
    }
  };

  return (
    <form method="post" onSubmit={submit} className="flex flex-col gap-4" aria-label="Set up">
      {problems[''] === undefined ? null : (
        <Callout tone="danger" role="alert">
          {problems['']}
        </Callout>
      )}
      {isOwner ? (
        OWNER_FIELDS.map(({ name, label, hint, type, autoComplete }) => (
          <Field key={name} label={label} hint={hint} error={problems[name]}>
            {(control) => (
              <Input
                {...control}
                name={name}
                type={type}
                autoComplete={autoComplete}
                required
                maxLength={254}
              />
            )}
          </Field>
        ))
      ) : (
        // For password managers: which account this password belongs to.
        <input type="hidden" name="username" autoComplete="username" value={setup.person?.email ?? ''} />
      )}
      <Field
        label="New password"
        hint="At least 12 characters. A few unrelated words make a good one."
        error={problems.password}
      >
        {(control) => (
          <PasswordInput {...control} name="password" autoComplete="new-password" required minLength={12} />
        )}
      </Field>
      <Button
        type="submit"
        variant="primary"
        size="lg"
        busy={busy}
        disabled={busy}
        className="w-full justify-center"
      >
        {isOwner ? 'Create the workspace' : 'Set password and sign in'}
      </Button>
    </form>
  );
}
