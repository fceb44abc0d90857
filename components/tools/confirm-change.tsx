'use client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { errorWords } from '@/components/api/error-words';
import { useTRPC } from '@/components/api/trpc';
import { ReasonDialog } from '@/components/apply/reason-dialog';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { Card } from '@/components/ui/card';
import { toast } from '@/components/ui/toaster';
import type { ToolView } from '@/server/domain/tool-views';
import { DefinitionDiff } from './definition-diff';
import { entryOf } from './tool-entry';

/** The definition is another than the one that was confirmed: what differs, and the way to say that it is all right. */
export function ConfirmChange({ tool, canSetUp }: { tool: ToolView; canSetUp: boolean }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const confirm = useMutation(trpc.admin.confirmTool.mutationOptions());
  if (tool.unconfirmed === null) return null;
  const before = tool.unconfirmed.confirmed === null ? null : entryOf(tool.unconfirmed.confirmed);
  const run = async (reason: string) => {
    const input = { toolId: tool.toolId, pinHash: tool.pinHash, reason };
    const done = await confirm.mutateAsync(input).catch(() => null);
    if (done === null) return false;
    await queries.invalidateQueries({ queryKey: trpc.catalog.pathKey() });
    toast.success(`The definition of ${tool.name} is confirmed`);
    return true;
  };
  return (
    <Card id="changed" title="Its definition has changed">
      <div className="space-y-4">
        <Callout tone="hold" title="Every call of it is held">
          Nobody can approve one before an owner or a security lead has looked at the change. Agents still
          read the description that was confirmed.
        </Callout>
        <DefinitionDiff before={before} after={entryOf(tool.definition)} />
        {canSetUp ? (
          <div className="flex justify-end">
            <ReasonDialog
              trigger={<Button variant="primary">Confirm the change…</Button>}
              title={`Confirm ${tool.name}`}
              description="From now on its calls are judged by the new definition. Those that wait are measured again."
              confirm="Confirm"
              variant="primary"
              placeholder="Asked the team that runs the server; the new field is theirs."
              error={confirm.error ? errorWords(confirm.error) : null}
              busy={confirm.isPending}
              onConfirm={run}
            />
          </div>
        ) : null}
      </div>
    </Card>
  );
}
