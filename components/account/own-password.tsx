import { PasswordInput } from '@/components/sign-in/password-input';
import { Field } from '@/components/ui/field';

/** The password again, before what an open session alone must not do. */
export function OwnPassword({ error }: { error: string | undefined }) {
  return (
    <Field label="Your password" error={error}>
      {(control) => (
        <PasswordInput
          {...control}
          name="password"
          autoComplete="current-password"
          required
          maxLength={1000}
        />
      )}
    </Field>
  );
}
