'use client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { errorWords } from '@/components/api/error-words';
import { useTRPC } from '@/components/api/trpc';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { Dialog } from '@/components/ui/dialog';
import { toast } from '@/components/ui/toaster';
import { ImportReport } from './import-report';

type Chosen = { name: string; text: string };

const HELP = (
  <div className="space-y-1 text-soft text-sm">
    <p>
      CSV of people: <code>email, name, guest, aliases, manager, forwards_to, clearances, active</code>
    </p>
    <p>
      CSV of groups and channels: <code>group, kind, aliases, open, complete, members</code>
    </p>
    <p>
      JSON: <code>{'{"people": […], "groups": […], "channels": […], "domains": […]}'}</code>
    </p>
    <p>
      Lists in a field are separated by | (or ; in files with commas). What a file leaves out stays as it is.
    </p>
  </div>
);

/** A file, what it would do line by line, and then the doing. */
export function ImportDialog({ trigger }: { trigger: ReactNode }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [open, setOpen] = useState(false);
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const look = useMutation(trpc.directory.import.mutationOptions());
  const write = useMutation(
    trpc.directory.import.mutationOptions({
      onSuccess: () => void queries.invalidateQueries({ queryKey: trpc.directory.pathKey() }),
    }),
  );
  const change = (next: boolean) => {
    setOpen(next);
    setChosen(null);
    look.reset();
    write.reset();
  };
  const choose = async (file: File | undefined) => {
    if (file === undefined) return;
    const next = { name: file.name, text: await file.text() };
    setChosen(next);
    write.reset();
    look.mutate({ ...next, dryRun: true });
  };
  const apply = async () => {
    if (chosen === null) return;
    const done = await write.mutateAsync({ ...chosen, dryRun: false }).catch(() => null);
    if (done?.applied !== true) return;
    toast.success(`Imported ${chosen.name}`);
    change(false);
  };
  const report = write.data ?? look.data;
  const error = write.error ?? look.error;
  const ready = report !== undefined && report.problems.length === 0 && error === null;
  return (
    <Dialog
      open={open}
      onOpenChange={change}
      trigger={trigger}
      width="lg"
      title="Import a file"
      description="First what it would do, line by line; nothing is written while a line is wrong."
      footer={
        <>
          <Button onClick={() => change(false)}>Cancel</Button>
          <Button variant="primary" disabled={!ready} busy={write.isPending} onClick={apply}>
            Import
          </Button>
        </>
      }
    >
      <div className="space-y-4">
        <label className="block">
          <span className="font-medium text-sm">CSV or JSON file</span>
          <input
            type="file"
            accept=".csv,.json,text/csv,application/json"
            onChange={(event) => void choose(event.target.files?.[0])}
            className="mt-1.5 block w-full rounded-md border border-line bg-surface text-base file:mr-3 file:min-h-9 file:border-0 file:border-line file:border-r file:bg-sunken file:px-3 file:font-medium file:text-ink"
          />
        </label>
        {report === undefined && !error ? HELP : null}
        {error ? (
          <Callout tone="danger" role="alert" title="Nothing was imported">
            {errorWords(error)}
          </Callout>
        ) : null}
        {report === undefined ? null : <ImportReport report={report} />}
      </div>
    </Dialog>
  );
}
