'use client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { KeyOnce } from '@/components/agents/key-once';
import { errorWords } from '@/components/api/error-words';
import { useTRPC } from '@/components/api/trpc';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { Dialog } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { Textarea } from '@/components/ui/textarea';
import { toast } from '@/components/ui/toaster';
import { PlanList } from './plan-list';
import { problemsOf } from './use-apply';

function Problems({ error }: { error: unknown }) {
  const problems = problemsOf(error);
  return (
    <Callout tone="danger" role="alert" title="Nothing was applied">
      {problems.length === 0 ? (
        errorWords(error)
      ) : (
        <ul className="mt-1 space-y-1.5">
          {problems.map((problem) => (
            <li key={problem.pointer + problem.message} className="[overflow-wrap:anywhere]">
              {problem.pointer ? <code className="text-sm">{problem.pointer}</code> : null} {problem.message}
            </li>
          ))}
        </ul>
      )}
    </Callout>
  );
}

function useDocument() {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const preview = useMutation(trpc.admin.apply.mutationOptions());
  const write = useMutation(
    trpc.admin.apply.mutationOptions({
      onSuccess: () => {
        void queries.invalidateQueries({ queryKey: trpc.catalog.pathKey() });
        void queries.invalidateQueries({ queryKey: trpc.directory.pathKey() });
      },
    }),
  );
  const reset = () => {
    preview.reset();
    write.reset();
  };
  return { preview, write, reset };
}

/** A workspace document, written or pasted: first what it would change, then the change. */
export function DocumentDialog({
  trigger,
  title,
  description,
  example,
}: {
  trigger: ReactNode;
  title: string;
  description: ReactNode;
  /** What stands in the box to begin with: a whole document. */
  example: string;
}) {
  const [open, setOpen] = useState(false);
  const [text, setText] = useState(example);
  const { preview, write, reset } = useDocument();
  const change = (next: boolean) => {
    setOpen(next);
    if (!next && write.data) setText(example);
    reset();
  };
  const apply = async () => {
    const result = await write.mutateAsync({ document: text }).catch(() => null);
    if (result === null || result.agents.length > 0) return;
    toast.success('The document is applied');
    change(false);
  };
  const keys = write.data?.agents ?? [];
  const error = write.error ?? preview.error;
  const hasPlan = preview.data !== undefined && error === null;
  return (
    <Dialog
      open={open}
      onOpenChange={change}
      trigger={trigger}
      width="lg"
      title={keys.length > 0 ? 'Keys of the new agents' : title}
      description={keys.length > 0 ? undefined : description}
      footer={
        keys.length > 0 ? (
          <Button variant="primary" onClick={() => change(false)}>
            I have stored them
          </Button>
        ) : hasPlan ? (
          <>
            <Button onClick={reset}>Back</Button>
            <Button variant="primary" busy={write.isPending} onClick={apply}>
              Apply
            </Button>
          </>
        ) : (
          <>
            <Button onClick={() => change(false)}>Cancel</Button>
            <Button
              variant="primary"
              busy={preview.isPending}
              onClick={() => preview.mutate({ document: text, dryRun: true })}
            >
              Show what would change
            </Button>
          </>
        )
      }
    >
      {keys.length > 0 ? (
        <div className="space-y-6">
          {keys.map(({ name, key }) => (
            <KeyOnce key={name} agent={name} secret={key} />
          ))}
        </div>
      ) : hasPlan && preview.data ? (
        <PlanList changes={preview.data.changes} warnings={preview.data.warnings} />
      ) : (
        <div className="space-y-4">
          {error ? <Problems error={error} /> : null}
          <Field label="Workspace document" hint="YAML. What it does not name stays as it is.">
            {(control) => (
              <Textarea
                {...control}
                rows={16}
                spellCheck={false}
                className="font-mono text-sm leading-6"
                value={text}
                onChange={(event) => setText(event.target.value)}
              />
            )}
          </Field>
        </div>
      )}
    </Dialog>
  );
}
