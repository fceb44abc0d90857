'use client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { errorWords } from '@/components/api/error-words';
import { hasRole, useMe } from '@/components/api/me';
import { useTRPC } from '@/components/api/trpc';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { Card } from '@/components/ui/card';
import { Field } from '@/components/ui/field';
import { PageHeader } from '@/components/ui/page-header';
import { Textarea } from '@/components/ui/textarea';
import { toast } from '@/components/ui/toaster';
import type { DraftedTool } from '@/server/domain/tool-views';
import { ToolEditor } from './tool-editor';
import type { ToolEntry } from './tool-entry';

const STATES = { new: 'not here yet', same: 'unchanged', changed: 'changed' } as const;
const TONES = { new: 'notice', same: 'neutral', changed: 'caution' } as const;

function DraftList({ drafts, onOpen }: { drafts: DraftedTool[]; onOpen: (draft: DraftedTool) => void }) {
  return (
    <ul className="divide-y divide-line">
      {drafts.map((draft) => (
        <li key={draft.name} className="flex min-h-12 flex-wrap items-center gap-x-3 gap-y-1 py-2">
          <span className="min-w-0 flex-1 font-mono text-sm [overflow-wrap:anywhere]">{draft.name}</span>
          <Badge tone={TONES[draft.state]}>{STATES[draft.state]}</Badge>
          {draft.state === 'new' ? (
            <Button size="sm" onClick={() => onOpen(draft)} aria-label={`Look at ${draft.name}`}>
              Look at it
            </Button>
          ) : null}
        </li>
      ))}
    </ul>
  );
}

function useServerTools() {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const drafts = useMutation(trpc.admin.draftTools.mutationOptions());
  const refresh = useMutation(
    trpc.admin.refreshTools.mutationOptions({
      onSuccess: () => void queries.invalidateQueries({ queryKey: trpc.catalog.pathKey() }),
    }),
  );
  return { drafts, refresh };
}

/** What an MCP server lists, pasted: a proposal for each tool to confirm one by one, and a hold on those that say something else now. */
export function ImportView() {
  const canSetUp = hasRole(useMe(), 'owner', 'security_lead');
  const { drafts, refresh } = useServerTools();
  const [list, setList] = useState('');
  const [open, setOpen] = useState<DraftedTool | null>(null);
  const error = drafts.error ?? refresh.error;
  const changed = drafts.data?.filter((draft) => draft.state === 'changed') ?? [];
  const again = () => {
    setOpen(null);
    drafts.mutate({ list });
  };
  const hold = async () => {
    const done = await refresh.mutateAsync({ list }).catch(() => null);
    if (done === null) return;
    toast.success('Their calls are held until somebody confirms the change');
    again();
  };
  if (open !== null) {
    return (
      <div className="mx-auto w-full max-w-[84rem]">
        <PageHeader
          title={open.name}
          description="Proposed from what the server says. Nothing of it counts before you save it."
        />
        <ToolEditor
          key={open.name}
          initial={open.entry as ToolEntry}
          before={null}
          basedOn={null}
          samples={[]}
          draft={open.reasons.map(({ reason }) => reason)}
          onDone={again}
          onCancel={() => setOpen(null)}
        />
      </div>
    );
  }
  return (
    <div className="mx-auto w-full max-w-[64rem] space-y-5">
      <PageHeader
        title="Tools of an MCP server"
        description="Paste what the server answers to tools/list. Holdpoint does not call it by itself."
      />
      <Card>
        <div className="space-y-4">
          <Field
            label="Answer to tools/list"
            hint="JSON: {“tools”: […]}. What it claims of itself is a hint for the draft and nothing more."
          >
            {(control) => (
              <Textarea
                {...control}
                rows={10}
                spellCheck={false}
                className="font-mono text-sm leading-6"
                value={list}
                onChange={(event) => setList(event.target.value)}
              />
            )}
          </Field>
          {error ? (
            <Callout tone="danger" role="alert">
              {errorWords(error)}
            </Callout>
          ) : null}
          <Button
            variant="primary"
            busy={drafts.isPending}
            disabled={!canSetUp || list.trim() === ''}
            onClick={() => drafts.mutate({ list })}
          >
            Read the list
          </Button>
        </div>
      </Card>
      {drafts.data ? (
        <Card id="listed" title="What it lists">
          {changed.length > 0 ? (
            <Callout
              tone="caution"
              className="mb-3"
              title="The server says something else than what was confirmed"
              action={
                <Button busy={refresh.isPending} onClick={hold}>
                  Hold their calls
                </Button>
              }
            >
              Then look at each change on the page of the tool and confirm it there.
            </Callout>
          ) : null}
          <DraftList drafts={drafts.data} onOpen={setOpen} />
        </Card>
      ) : null}
    </div>
  );
}
