'use client';
import { type FormEvent, useEffect, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { PasswordInput } from './password-input';
import { signInWithPassword, signInWithProvider } from './session-requests';
import { signInWords } from './sign-in-words';

export type ProviderChoice = { id: string; name: string };

/** Signs in with a password or a provider and goes on to where the person was heading. */
export function SignInForm({
  providers,
  returnPath,
  error: initialError,
}: {
  providers: readonly ProviderChoice[];
  returnPath: string;
  error: string | null;
}) {
  const [busy, setBusy] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  // In an effect: the time in it is the reader's, which the server does not know.
  useEffect(() => {
    if (initialError !== null) setProblem(signInWords(initialError));
  }, [initialError]);

  const attempt = async (what: string, work: () => Promise<string | null>, then: () => void) => {
    setBusy(what);
    setProblem(null);
    const word = await work();
    if (word === null) return then();
    setProblem(signInWords(word));
    setBusy(null);
  };
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const email = String(fields.get('email') ?? '');
    const password = String(fields.get('password') ?? '');
    // A whole new page: nothing the browser kept for somebody else survives a sign-in.
    void attempt(
      'password',
      () => signInWithPassword(email, password),
      () => window.location.assign(returnPath),
    );
  };

  return (
    <div className="flex flex-col gap-4">
      {problem === null ? null : (
        <Callout tone="danger" role="alert">
          {problem}
        </Callout>
      )}
      {/* `post`: sent before this script runs, a form with the default method would put the password into the address. */}
      <form method="post" onSubmit={submit} className="flex flex-col gap-4" aria-label="Sign in">
        <Field label="E-mail address">
          {(control) => (
            <Input {...control} name="email" type="email" autoComplete="username" required autoFocus />
          )}
        </Field>
        <Field label="Password">
          {(control) => (
            <PasswordInput {...control} name="password" autoComplete="current-password" required />
          )}
        </Field>
        <Button
          type="submit"
          variant="primary"
          size="lg"
          busy={busy === 'password'}
          disabled={busy !== null}
          className="w-full justify-center"
        >
          Sign in
        </Button>
      </form>
      {providers.map((provider) => (
        <Button
          key={provider.id}
          size="lg"
          busy={busy === provider.id}
          disabled={busy !== null}
          className="w-full justify-center"
          onClick={() =>
            void attempt(
              provider.id,
              () => signInWithProvider(provider.id, returnPath),
              () => undefined,
            )
          }
        >
          Continue with {provider.name}
        </Button>
      ))}
    </div>
  );
}
