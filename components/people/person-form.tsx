'use client';
import { type FormEvent, useState } from 'react';
import { ClearancePicker } from '@/components/apply/clearance-picker';
import { Callout } from '@/components/ui/callout';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { type Classification, OPEN_TO_PEOPLE, ROLES, type Role } from '@/server/domain/vocabulary';
import { ROLE_WORDS } from './role-words';

export type PersonDraft = { email: string; name: string; roles: Role[]; clearances: Classification[] };

function RolePicker({
  value,
  mayGivePower,
  onChange,
}: {
  value: readonly Role[];
  /** Only owners decide who is an owner or a security lead. */
  mayGivePower: boolean;
  onChange: (value: Role[]) => void;
}) {
  return (
    <fieldset>
      <legend className="font-medium text-sm">Roles</legend>
      <p className="mt-0.5 text-faint text-sm">
        Without one they are known here, as an audience, but cannot sign in.
      </p>
      <div className="mt-2 divide-y divide-line rounded-md border border-line">
        {ROLES.map((role) => {
          const isLocked = !mayGivePower && (role === 'owner' || role === 'security_lead');
          return (
            <label
              key={role}
              className="flex min-h-11 cursor-pointer items-center gap-3 px-3 py-1.5 hover:bg-hover has-disabled:cursor-not-allowed"
            >
              <input
                type="checkbox"
                checked={value.includes(role)}
                disabled={isLocked}
                onChange={() =>
                  onChange(value.includes(role) ? value.filter((r) => r !== role) : [...value, role])
                }
                className="size-4.5 shrink-0 accent-ink"
              />
              <span className="min-w-0">
                <span className="block text-base">{ROLE_WORDS[role].name}</span>
                <span className="block text-faint text-sm">
                  {isLocked ? 'Only an owner gives this role' : ROLE_WORDS[role].means}
                </span>
              </span>
            </label>
          );
        })}
      </div>
    </fieldset>
  );
}

/** Who somebody is, what they may do, and what they may see. */
export function PersonForm({
  id,
  draft,
  isNew,
  mayGivePower,
  error,
  onSubmit,
}: {
  id: string;
  draft: PersonDraft;
  isNew: boolean;
  mayGivePower: boolean;
  error: string | null;
  onSubmit: (draft: PersonDraft) => void;
}) {
  const [value, setValue] = useState(draft);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSubmit({ ...value, email: value.email.trim(), name: value.name.trim() });
  };
  return (
    <form id={id} onSubmit={submit} className="space-y-5">
      {isNew ? (
        <Field label="E-mail address">
          {(control) => (
            <Input
              {...control}
              type="email"
              required
              maxLength={254}
              autoComplete="off"
              value={value.email}
              onChange={(event) => setValue({ ...value, email: event.target.value })}
            />
          )}
        </Field>
      ) : null}
      <Field label="Name" hint="Stands beside every decision they make.">
        {(control) => (
          <Input
            {...control}
            required
            maxLength={120}
            autoComplete="off"
            value={value.name}
            onChange={(event) => setValue({ ...value, name: event.target.value })}
          />
        )}
      </Field>
      <RolePicker
        value={value.roles}
        mayGivePower={mayGivePower}
        onChange={(roles) => setValue({ ...value, roles })}
      />
      <ClearancePicker
        legend="May see"
        hint="Everything else is withheld from them on every screen, also while they review."
        value={value.clearances}
        open={OPEN_TO_PEOPLE}
        onChange={(clearances) => setValue({ ...value, clearances })}
      />
      {error ? (
        <Callout tone="danger" role="alert">
          {error}
        </Callout>
      ) : null}
    </form>
  );
}
