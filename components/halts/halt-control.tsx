'use client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { errorWords } from '@/components/api/error-words';
import { useMe } from '@/components/api/me';
import { useTRPC } from '@/components/api/trpc';
import { counted } from '@/components/ui/number-words';
import { toast } from '@/components/ui/toaster';
import { HaltDialog } from './halt-dialog';

/** The halt dialog, connected. Mounted anew for every opening, so that nothing typed before is still there. */
export function HaltControl({
  agents,
  agentId,
  onClose,
}: {
  agents: { id: string; name: string }[];
  agentId?: string | undefined;
  onClose: () => void;
}) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const me = useMe();
  const engage = useMutation(
    trpc.halt.engage.mutationOptions({
      onSuccess: (halt) => {
        void queries.invalidateQueries();
        const what = halt.scope === 'workspace' ? 'Everything is halted' : `${halt.subjectName} is halted`;
        toast.success(what, {
          description: `${counted(halt.revoked ?? 0, 'approved action')} taken back. Only a person can lift it.`,
        });
        onClose();
      },
    }),
  );
  return (
    <HaltDialog
      open
      onOpenChange={(open) => !open && onClose()}
      workspace={me.workspace.name}
      agents={agents}
      agentId={agentId}
      busy={engage.isPending}
      error={engage.error ? errorWords(engage.error) : null}
      onEngage={(order) => engage.mutate(order)}
    />
  );
}
