'use client';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useId, useState } from 'react';
import { useTRPC } from '@/components/api/trpc';
import { useApply } from '@/components/apply/use-apply';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { toast } from '@/components/ui/toaster';
import { type AgentDraft, AgentForm } from './agent-form';
import { KeyOnce } from './key-once';

const EMPTY: AgentDraft = { name: '', owner: '', clearances: [] };

/** Registers an agent and shows its first key, or changes one. */
export function AgentDialog({ agent, trigger }: { agent?: AgentDraft; trigger: ReactNode }) {
  const [open, setOpen] = useState(false);
  const [created, setCreated] = useState<{ name: string; key: string } | null>(null);
  const form = useId();
  const trpc = useTRPC();
  const people = useQuery({ ...trpc.catalog.people.queryOptions({ limit: 200 }), enabled: open });
  const { apply, busy, error, problemAt, reset } = useApply();
  const change = (next: boolean) => {
    setOpen(next);
    setCreated(null);
    reset();
  };
  const submit = async (draft: AgentDraft) => {
    const result = await apply({ agents: [draft] });
    if (result === null) return;
    for (const warning of result.warnings) toast.warning(warning);
    const fresh = result.agents[0];
    if (fresh) setCreated(fresh);
    else change(false);
  };
  const active = (people.data?.items ?? []).filter((person) => person.disabledAt === null);
  return (
    <Dialog
      open={open}
      onOpenChange={change}
      trigger={trigger}
      width="md"
      title={created ? `The key of ${created.name}` : agent ? `Change ${agent.name}` : 'Register an agent'}
      footer={
        created ? (
          <Button variant="primary" onClick={() => change(false)}>
            I have stored it
          </Button>
        ) : (
          <>
            <Button onClick={() => change(false)}>Cancel</Button>
            <Button type="submit" form={form} variant="primary" busy={busy}>
              {agent ? 'Save' : 'Register and show its key'}
            </Button>
          </>
        )
      }
    >
      {created ? (
        <KeyOnce agent={created.name} secret={created.key} />
      ) : (
        <AgentForm
          id={form}
          draft={agent ?? EMPTY}
          isNew={!agent}
          people={active}
          error={error}
          problemAt={problemAt}
          onSubmit={submit}
        />
      )}
    </Dialog>
  );
}
