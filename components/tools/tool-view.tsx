'use client';
import { useQuery } from '@tanstack/react-query';
import { PencilLine } from 'lucide-react';
import { useState } from 'react';
import { hasRole, useMe } from '@/components/api/me';
import { useTRPC } from '@/components/api/trpc';
import { DetailPage } from '@/components/apply/detail-page';
import { HaltButton } from '@/components/halts/halt-button';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { PageHeader } from '@/components/ui/page-header';
import type { ToolView as Tool } from '@/server/domain/tool-views';
import { ConfirmChange } from './confirm-change';
import { ToolCard } from './tool-card';
import { ToolEditor } from './tool-editor';
import { entryOf } from './tool-entry';
import { DefinitionHistory, ToolUses } from './tool-facts';

function Editor({ tool, onDone }: { tool: Tool; onDone: () => void }) {
  const entry = entryOf(tool.definition);
  return (
    <ToolEditor
      initial={entry}
      before={entry}
      basedOn={tool.pinHash}
      samples={tool.samples}
      onDone={onDone}
      onCancel={onDone}
    />
  );
}

function Parts({ tool, canSetUp }: { tool: Tool; canSetUp: boolean }) {
  return (
    <div className="flex flex-col gap-5">
      <ConfirmChange tool={tool} canSetUp={canSetUp} />
      <Card flush>
        <ul>
          <ToolCard tool={tool} isAlone />
        </ul>
      </Card>
      <ToolUses tool={tool} />
      <DefinitionHistory tool={tool} />
    </div>
  );
}

/** One tool: what it is and does, whether somebody has confirmed that, who uses it, and the place to change it. */
export function ToolView({ toolId }: { toolId: string }) {
  const trpc = useTRPC();
  const canSetUp = hasRole(useMe(), 'owner', 'security_lead');
  const [editing, setEditing] = useState(false);
  const query = useQuery(trpc.catalog.tool.queryOptions({ toolId: decodeURIComponent(toolId) }));
  return (
    <DetailPage
      back={{ href: '/tools', label: 'Tools' }}
      query={query}
      loading="Loading the tool"
      wide={editing}
    >
      {(tool) => (
        <>
          <PageHeader
            title={<span className="font-mono [overflow-wrap:anywhere]">{tool.name}</span>}
            action={
              editing ? null : (
                <>
                  {canSetUp && tool.kind === 'custom' ? (
                    <Button onClick={() => setEditing(true)}>
                      <PencilLine /> Change…
                    </Button>
                  ) : null}
                  <HaltButton subject={{ scope: 'tool', id: tool.toolId, name: tool.name }} label="Halt…" />
                </>
              )
            }
          />
          {editing ? (
            <Editor key={tool.pinHash} tool={tool} onDone={() => setEditing(false)} />
          ) : (
            <Parts tool={tool} canSetUp={canSetUp} />
          )}
        </>
      )}
    </DetailPage>
  );
}
