import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Select } from '@/components/ui/select';
import { CREDENTIAL_KINDS, type CredentialDraft } from './credential-draft';

/** How a service is shown who is calling; what is typed here is sent once and never shown again. */
export function CredentialFields({
  draft,
  onChange,
  isKnown,
}: {
  draft: CredentialDraft;
  onChange: (draft: CredentialDraft) => void;
  isKnown: boolean;
}) {
  const kind = CREDENTIAL_KINDS.find((each) => each.kind === draft.kind);
  return (
    <>
      <Field label="Credentials" hint="Sealed at rest, never shown again. No agent ever holds them.">
        {(control) => (
          <Select
            {...control}
            value={draft.kind}
            onChange={(event) => onChange({ ...draft, kind: event.target.value })}
          >
            {isKnown ? <option value="keep">Keep those it has</option> : null}
            <option value="none">None</option>
            {CREDENTIAL_KINDS.map(({ kind: value, label }) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </Select>
        )}
      </Field>
      {kind?.name ? (
        <Field label={kind.name}>
          {(control) => (
            <Input
              {...control}
              required
              autoComplete="off"
              maxLength={500}
              value={draft.name}
              onChange={(event) => onChange({ ...draft, name: event.target.value })}
            />
          )}
        </Field>
      ) : null}
      {kind ? (
        <Field label={kind.secret}>
          {(control) => (
            <Input
              {...control}
              required
              type="password"
              autoComplete="off"
              maxLength={8000}
              value={draft.secret}
              onChange={(event) => onChange({ ...draft, secret: event.target.value })}
            />
          )}
        </Field>
      ) : null}
    </>
  );
}
