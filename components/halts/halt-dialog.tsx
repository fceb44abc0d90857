'use client';
import { OctagonPause } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { cn } from '@/components/ui/cn';
import { Dialog } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { Select } from '@/components/ui/select';
import { Textarea } from '@/components/ui/textarea';

export type HaltOrder = { scope: 'workspace' | 'agent'; id?: string; reason: string };

function Scope({
  value,
  current,
  title,
  text,
  onChoose,
}: {
  value: HaltOrder['scope'];
  current: HaltOrder['scope'];
  title: string;
  text: string;
  onChoose: (scope: HaltOrder['scope']) => void;
}) {
  return (
    <label
      className={cn(
        'flex cursor-pointer gap-3 rounded-lg border px-3.5 py-3',
        current === value ? 'border-ink bg-selected' : 'border-line-strong hover:bg-hover',
      )}
    >
      <input
        type="radio"
        name="scope"
        value={value}
        checked={current === value}
        onChange={() => onChoose(value)}
        className="mt-0.5 size-4.5 accent-ink"
      />
      <span>
        <span className="block font-medium text-base">{title}</span>
        <span className="block text-soft text-sm">{text}</span>
      </span>
    </label>
  );
}

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
          <Scope
            value="workspace"
            current={scope}
            onChoose={setScope}
            title="Everything"
            text={`Every agent in ${workspace}`}
          />
          {agents.length > 0 ? (
            <Scope
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
