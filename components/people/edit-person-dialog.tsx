'use client';
import { useId } from 'react';
import { hasRole, useMe } from '@/components/api/me';
import { useApply } from '@/components/apply/use-apply';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { toast } from '@/components/ui/toaster';
import type { PersonListItem } from '@/server/domain/catalog-views';
import { type PersonDraft, PersonForm } from './person-form';

/** Changes what somebody is called, may do and may see; in force with their next request. */
export function EditPersonDialog({
  person,
  open,
  onOpenChange,
}: {
  person: PersonListItem;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}) {
  const form = useId();
  const isOwner = hasRole(useMe(), 'owner');
  const { apply, busy, error, reset } = useApply();
  const change = (next: boolean) => {
    reset();
    onOpenChange(next);
  };
  const submit = async (draft: PersonDraft) => {
    if ((await apply({ people: [draft] })) === null) return;
    change(false);
    toast.success(`${draft.name} is saved`);
  };
  return (
    <Dialog
      open={open}
      onOpenChange={change}
      width="md"
      title={`Change ${person.name}`}
      description={person.email}
      footer={
        <>
          <Button onClick={() => change(false)}>Cancel</Button>
          <Button type="submit" form={form} variant="primary" busy={busy}>
            Save
          </Button>
        </>
      }
    >
      <PersonForm
        id={form}
        draft={{ email: person.email, name: person.name, roles: person.roles, clearances: person.clearances }}
        isNew={false}
        mayGivePower={isOwner}
        error={error}
        onSubmit={submit}
      />
    </Dialog>
  );
}
