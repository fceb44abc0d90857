'use client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { errorWords } from '@/components/api/error-words';
import { useTRPC } from '@/components/api/trpc';
import { ReasonDialog } from '@/components/apply/reason-dialog';
import { problemsOf } from '@/components/apply/use-apply';
import { Button } from '@/components/ui/button';
import { toast } from '@/components/ui/toaster';
import { DefinitionDiff } from './definition-diff';
import type { ToolEntry } from './tool-entry';

/** Shows what would change, asks why, and saves it: whoever saves has looked at it, so it is confirmed. */
export function SaveTool({
  entry,
  before,
  basedOn,
  disabled,
  onSaved,
}: {
  entry: ToolEntry;
  before: ToolEntry | null;
  basedOn: string | null;
  disabled: boolean;
  onSaved: (name: string) => void;
}) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const save = useMutation(trpc.admin.saveTool.mutationOptions());
  const [problem] = problemsOf(save.error);
  const run = async (reason: string) => {
    const saved = await save.mutateAsync({ tool: entry, basedOn, reason }).catch(() => null);
    if (saved === null) return false;
    await queries.invalidateQueries({ queryKey: trpc.catalog.pathKey() });
    toast.success(`${entry.name} is saved`);
    onSaved(entry.name);
    return true;
  };
  return (
    <ReasonDialog
      trigger={
        <Button variant="primary" disabled={disabled}>
          {before === null ? 'Create the tool…' : 'Review and save…'}
        </Button>
      }
      title={before === null ? `Create ${entry.name || 'the tool'}` : `Save ${entry.name}`}
      description={<DefinitionDiff before={before} after={entry} />}
      confirm="Save"
      variant="primary"
      placeholder="The map now counts copies as recipients."
      error={save.error ? (problem?.message ?? errorWords(save.error)) : null}
      busy={save.isPending}
      onConfirm={run}
    />
  );
}
