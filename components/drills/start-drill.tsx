'use client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Crosshair } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { errorWords } from '@/components/api/error-words';
import { useTRPC } from '@/components/api/trpc';
import { useCatalogPages } from '@/components/apply/use-catalog-pages';
import { fromText } from '@/components/edit/args-text';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { Dialog } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { Textarea } from '@/components/ui/textarea';
import { toast } from '@/components/ui/toaster';
import { WhoAndWhat } from './who-and-what';

const FORM = 'start-drill';

function DrillForm({ onClose }: { onClose: () => void }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const router = useRouter();
  const tools = useCatalogPages('tools').items ?? [];
  const [tool, setTool] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const start = useMutation(
    trpc.drill.start.mutationOptions({
      onSuccess: ({ actionId }) => {
        toast.success('The drill has begun', { description: 'It is measured now, and held like any other.' });
        void queries.invalidateQueries();
        onClose();
        router.push(`/actions/${actionId}`);
      },
    }),
  );
  const isSql = tools.find((each) => each.name === tool)?.kind === 'sql';
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const of = (name: string) => String(fields.get(name) ?? '').trim();
    const read = fromText(
      isSql ? { statement: of('args'), json: '' } : { statement: null, json: of('args') },
    );
    if ('problem' in read) return setProblem(read.problem);
    start.mutate({
      agentId: of('agent'),
      tool: of('tool'),
      args: read.args,
      goal: of('goal'),
      reason: of('reason'),
      lesson: of('lesson'),
    });
  };
  return (
    <Dialog
      open
      width="md"
      onOpenChange={(open) => !open && onClose()}
      title="Start a drill"
      description="It looks like what the agent planned, goes to the same people, and can never run. Everybody who decides it is told right afterwards. You have no vote on it."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form={FORM} variant="primary" busy={start.isPending}>
            <Crosshair /> Start it
          </Button>
        </>
      }
    >
      <form id={FORM} method="post" onSubmit={submit} className="space-y-4">
        {start.error ? (
          <Callout tone="danger" role="alert">
            {errorWords(start.error)}
          </Callout>
        ) : null}
        <WhoAndWhat tools={tools} tool={tool} onTool={setTool} />
        <Field
          label={isSql ? 'Statement' : 'Arguments'}
          hint={isSql ? 'It is measured for real and rolled back.' : 'One JSON object.'}
          error={problem}
        >
          {(control) => (
            <Textarea
              {...control}
              name="args"
              required
              rows={4}
              spellCheck={false}
              className="font-mono text-sm"
              onChange={() => setProblem(null)}
              placeholder={isSql ? 'DELETE FROM customers WHERE …' : '{ "recipients": ["…"] }'}
            />
          )}
        </Field>
        <Field label="Goal of its run" hint="As the agent would have it.">
          {(control) => <Textarea {...control} name="goal" required rows={2} maxLength={2000} />}
        </Field>
        <Field label="Why it says it wants to">
          {(control) => <Textarea {...control} name="reason" required rows={2} maxLength={2000} />}
        </Field>
        <Field label="What there is to see" hint="Told to everybody who decided, right afterwards.">
          {(control) => (
            <Textarea
              {...control}
              name="lesson"
              required
              rows={2}
              maxLength={2000}
              placeholder="The goal names one customer; the statement deletes all of them."
            />
          )}
        </Field>
      </form>
    </Dialog>
  );
}

export function StartDrill() {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button variant="primary" onClick={() => setOpen(true)}>
        <Crosshair /> Start a drill…
      </Button>
      {open ? <DrillForm onClose={() => setOpen(false)} /> : null}
    </>
  );
}
