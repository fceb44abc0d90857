'use client';
import { Eye } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { Button } from '@/components/ui/button';
import { ClassChips } from '@/components/ui/class-chip';
import { Dialog } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import type { Classification } from '@/server/domain/vocabulary';

/** A reveal is a click, a reason and a record. */
export function RevealDialog({
  open,
  onOpenChange,
  classes,
  busy,
  error,
  onReveal,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  classes: Classification[];
  busy: boolean;
  error: string | null;
  onReveal: (reason: string) => void;
}) {
  const [reason, setReason] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (reason.trim()) onReveal(reason.trim());
  };
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="Reveal masked values"
      description="You are cleared for these kinds of data. Looking at them is an access of its own: your name, the time and the reason go into the audit log."
      footer={
        <Button type="submit" form="reveal" variant="primary" busy={busy} disabled={!reason.trim()}>
          <Eye /> Reveal and record
        </Button>
      }
    >
      <form id="reveal" onSubmit={submit} className="space-y-4">
        <ClassChips names={classes} />
        <Field label="Why you need to see them" error={error}>
          {(control) => (
            <Input
              {...control}
              autoFocus
              required
              maxLength={500}
              value={reason}
              onChange={(event) => setReason(event.target.value)}
              placeholder="Comparing the new salaries with the pay round sheet"
            />
          )}
        </Field>
      </form>
    </Dialog>
  );
}
