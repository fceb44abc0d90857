'use client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Repeat } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { errorWords, problemsByField } from '@/components/api/error-words';
import { useTRPC } from '@/components/api/trpc';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { Card } from '@/components/ui/card';
import { Dialog } from '@/components/ui/dialog';
import { Link } from '@/components/ui/link';
import { Skeleton } from '@/components/ui/skeleton';
import { toast } from '@/components/ui/toaster';
import type { ActionDetail } from '@/server/domain/views';
import { GrantForm } from './grant-form';

const RAN: ReadonlySet<string> = new Set(['released', 'executing', 'succeeded']);

function GrantDialog({ actionId, onClose }: { actionId: string; onClose: () => void }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const preview = useQuery(trpc.grant.preview.queryOptions({ actionId }, { retry: false }));
  const make = useMutation(
    trpc.grant.make.mutationOptions({
      onSuccess: () => {
        void queries.invalidateQueries();
        toast.success('Allowed from now on', {
          description: (
            <>
              It ends by itself, and anybody who decides can take it back under{' '}
              <Link href="/grants" className="underline underline-offset-2">
                Grants
              </Link>
              .
            </>
          ),
        });
        onClose();
      },
    }),
  );
  const problems = problemsByField(make.error);
  const fault = make.error && Object.keys(problems).length === 0 ? make.error : null;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const count = (name: string) => Number(fields.get(name));
    make.mutate({
      actionId,
      hours: count('hours'),
      uses: count('uses'),
      rows: count('rows'),
      people: count('people'),
      reason: String(fields.get('reason')).trim(),
    });
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Allow more like it"
      description="Your approval, given in advance for calls that touch the same things, whichever rows and whatever values they write. Anything else about them, and people decide as before."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            form="make-grant"
            variant="primary"
            busy={make.isPending}
            disabled={!preview.data}
          >
            <Repeat /> Allow it
          </Button>
        </>
      }
    >
      <form id="make-grant" method="post" onSubmit={submit} className="space-y-4">
        {fault ? (
          <Callout tone="danger" role="alert">
            {errorWords(fault)}
          </Callout>
        ) : null}
        {preview.error ? (
          <Callout tone="caution" title="Not this one" role="alert">
            {errorWords(preview.error)}
          </Callout>
        ) : preview.data ? (
          <GrantForm preview={preview.data} problems={problems} />
        ) : (
          <Skeleton className="h-72 w-full" />
        )}
      </form>
    </Dialog>
  );
}

/** After one’s own approval: the offer to give the next ones in advance. */
export function MakeGrant({ action }: { action: ActionDetail }) {
  const [open, setOpen] = useState(false);
  const { yours } = action.ballots;
  if (yours?.decision !== 'approve' || yours.grantId !== null || !RAN.has(action.status)) return null;
  if (action.needed !== 1 || action.policyChange !== null || action.undo.of !== null) return null;
  return (
    <Card id="allow-more">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className="max-w-xl text-base text-soft">
          You approved this. If {action.agent.name} is about to plan more of the same, you can allow it for a
          while, within bounds.
        </p>
        <Button onClick={() => setOpen(true)}>
          <Repeat /> Allow more like it…
        </Button>
      </div>
      {open ? <GrantDialog actionId={action.actionId} onClose={() => setOpen(false)} /> : null}
    </Card>
  );
}
