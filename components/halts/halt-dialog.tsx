'use client';
import { OctagonPause } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { Dialog } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { Select } from '@/components/ui/select';
import { Textarea } from '@/components/ui/textarea';
import { type HaltOrder, ScopeChoice } from './scope-choice';

/** Stops everything, or one agent, at once. Says what it will do before it does it. */
export function HaltDialog({
  open,
  onOpenChange,
  workspace,
  agents,
  agentId,
  busy,
  error,
  onEngage,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  workspace: string;
  agents: { id: string; name: string }[];
  /** Chosen beforehand, from the page of one of its actions. */
  agentId?: string | undefined;
  busy: boolean;
  error: string | null;
  onEngage: (order: HaltOrder) => void;
}) {
  const [scope, setScope] = useState<HaltOrder['scope']>(agentId ? 'agent' : 'workspace');
  const [agent, setAgent] = useState(agentId ?? agents[0]?.id ?? '');
  const [reason, setReason] = useState('');
  const name = agents.find((each) => each.id === agent)?.name;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!reason.trim()) return;
    onEngage({ scope, ...(scope === 'agent' ? { id: agent } : {}), reason: reason.trim() });
  };
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="Halt"
      description="No action will be released or executed until a person lifts it. What was approved but has not started is taken back."
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>Cancel</Button>
          <Button type="submit" form="halt" variant="danger" busy={busy} disabled={!reason.trim()}>
            <OctagonPause /> {scope === 'workspace' ? 'Halt everything' : `Halt ${name ?? 'the agent'}`}
          </Button>
        </>
      }
    >
      <form id="halt" onSubmit={submit} className="space-y-4">
        <fieldset className="space-y-2">
          <legend className="sr-only">What to halt</legend>
          <ScopeChoice
            value="workspace"
            current={scope}
            onChoose={setScope}
            title="Everything"
            text={`Every agent in ${workspace}`}
          />
          {agents.length > 0 ? (
            <ScopeChoice
              value="agent"
              current={scope}
              onChoose={setScope}
              title="One agent"
              text="The others keep working"
            />
          ) : null}
        </fieldset>
        {scope === 'agent' ? (
          <Field label="Agent">
            {(control) => (
              <Select {...control} value={agent} onChange={(event) => setAgent(event.target.value)}>
                {agents.map((each) => (
                  <option key={each.id} value={each.id}>
                    {each.name}
                  </option>
                ))}
              </Select>
            )}
          </Field>
        ) : null}
        <Field
          label="Why"
          hint="Everyone in the workspace sees it on every page, and it stays in the audit log."
        >
          {(control) => (
            <Textarea
              {...control}
              autoFocus
              rows={2}
              required
              maxLength={2000}
              value={reason}
              onChange={(event) => setReason(event.target.value)}
              placeholder="It deletes far more than its goal says"
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
