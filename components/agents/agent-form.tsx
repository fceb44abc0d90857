'use client';
import { type FormEvent, useState } from 'react';
import { ClearancePicker } from '@/components/apply/clearance-picker';
import { Callout } from '@/components/ui/callout';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Select } from '@/components/ui/select';
import { type Classification, OPEN_TO_AGENTS } from '@/server/domain/vocabulary';

export type AgentDraft = { name: string; owner: string; clearances: Classification[] };

/** Who an agent is, who answers for it, and what it may see. */
export function AgentForm({
  id,
  draft,
  isNew,
  people,
  error,
  problemAt,
  onSubmit,
}: {
  id: string;
  draft: AgentDraft;
  isNew: boolean;
  people: { email: string; name: string }[];
  error: string | null;
  problemAt: (end: string) => string | null;
  onSubmit: (draft: AgentDraft) => void;
}) {
  const [name, setName] = useState(draft.name);
  const [owner, setOwner] = useState(draft.owner);
  const [clearances, setClearances] = useState(draft.clearances);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSubmit({ name: name.trim(), owner, clearances });
  };
  return (
    <form id={id} onSubmit={submit} className="space-y-5">
      {isNew ? (
        <Field
          label="Name"
          hint="Reviewers see it beside everything it plans. It cannot be changed later."
          error={problemAt('/name')}
        >
          {(control) => (
            <Input
              {...control}
              required
              maxLength={100}
              autoComplete="off"
              placeholder="hr-assistant"
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
      ) : null}
      <Field
        label="Owner"
        hint="The person who answers for it. They never vote on what it plans."
        error={problemAt('/owner')}
      >
        {(control) => (
          <Select {...control} required value={owner} onChange={(event) => setOwner(event.target.value)}>
            <option value="" disabled>
              Choose a person
            </option>
            {people.map((person) => (
              <option key={person.email} value={person.email}>
                {person.name} ({person.email})
              </option>
            ))}
          </Select>
        )}
      </Field>
      <ClearancePicker
        legend="May see"
        hint="Small reads of these kinds of data can be allowed at once; everything else asks a person."
        value={clearances}
        open={OPEN_TO_AGENTS}
        onChange={setClearances}
      />
      {error && !problemAt('/name') && !problemAt('/owner') ? (
        <Callout tone="danger" role="alert">
          {error}
        </Callout>
      ) : null}
    </form>
  );
}
