'use client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { OctagonPause } from 'lucide-react';
import { errorWords } from '@/components/api/error-words';
import { useTRPC } from '@/components/api/trpc';
import { ReasonDialog } from '@/components/apply/reason-dialog';
import { Button } from '@/components/ui/button';
import { toast } from '@/components/ui/toaster';

/** Stops this run alone; the agent's others go on. */
export function HaltRun({ runId }: { runId: string }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const engage = useMutation(
    trpc.halt.engage.mutationOptions({
      onSuccess: () => {
        toast.success('The run is halted', { description: 'Only a person can lift it.' });
        return queries.invalidateQueries();
      },
    }),
  );
  return (
    <ReasonDialog
      trigger={
        <Button variant="outline-danger">
          <OctagonPause /> Halt this run…
        </Button>
      }
      title="Halt this run"
      description="No action of this run will be released or executed until a person lifts it. What was approved but has not started is taken back."
      confirm="Halt the run"
      placeholder="It works on something else than its goal"
      busy={engage.isPending}
      error={engage.error ? errorWords(engage.error) : null}
      onConfirm={(reason) =>
        engage.mutateAsync({ scope: 'run', id: runId, reason }).then(
          () => true,
          () => false,
        )
      }
    />
  );
}
