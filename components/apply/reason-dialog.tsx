'use client';
import { type FormEvent, type ReactNode, useId, useState } from 'react';
import { Button, type ButtonProps } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { Dialog } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { Textarea } from '@/components/ui/textarea';

/** Asks for a reason before something that others will ask about. */
export function ReasonDialog({
  trigger,
  title,
  description,
  confirm,
  variant = 'danger',
  placeholder,
  error,
  busy,
  onConfirm,
}: {
  trigger: ReactNode;
  title: string;
  description: ReactNode;
  confirm: ReactNode;
  variant?: ButtonProps['variant'];
  placeholder: string;
  error: string | null;
  busy: boolean;
  /** Resolves to whether it was done: then the dialog closes. */
  onConfirm: (reason: string) => Promise<boolean>;
}) {
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState('');
  const form = useId();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (reason.trim() === '' || !(await onConfirm(reason.trim()))) return;
    setOpen(false);
    setReason('');
  };
  return (
    <Dialog
      open={open}
      onOpenChange={setOpen}
      trigger={trigger}
      title={title}
      description={description}
      footer={
        <>
          <Button onClick={() => setOpen(false)}>Cancel</Button>
          <Button type="submit" form={form} variant={variant} busy={busy} disabled={reason.trim() === ''}>
            {confirm}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} className="space-y-4">
        <Field label="Why" hint="It stays in the audit log.">
          {(control) => (
            <Textarea
              {...control}
              rows={2}
              required
              maxLength={2000}
              value={reason}
              placeholder={placeholder}
              onChange={(event) => setReason(event.target.value)}
            />
          )}
        </Field>
        {error ? (
          <Callout tone="danger" role="alert">
            {error}
          </Callout>
        ) : null}
      </form>
    </Dialog>
  );
}
