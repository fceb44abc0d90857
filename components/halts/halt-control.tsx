'use client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { errorWords } from '@/components/api/error-words';
import { useMe } from '@/components/api/me';
import { useTRPC } from '@/components/api/trpc';
import { counted } from '@/components/ui/number-words';
import { toast } from '@/components/ui/toaster';
import { HaltDialog } from './halt-dialog';
import type { HaltSubject } from './halt-subject';

const HALTED = { workspace: 'Everything is halted', run: 'The run is halted' } as const;

/** The halt dialog, connected. Mounted anew for every opening, so that nothing typed before is still there. */
export function HaltControl({
  subjects,
  chosen,
  onClose,
}: {
  subjects: readonly HaltSubject[];
  chosen?: HaltSubject | undefined;
  onClose: () => void;
}) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const me = useMe();
  const engage = useMutation(
    trpc.halt.engage.mutationOptions({
      onSuccess: ({ scope, subjectName, revoked }) => {
        void queries.invalidateQueries();
        toast.success(scope === 'workspace' || scope === 'run' ? HALTED[scope] : `${subjectName} is halted`, {
          description: `${counted(revoked ?? 0, 'approved action')} taken back. Only a person can lift it.`,
        });
        onClose();
      },
    }),
  );
  const isListed = chosen === undefined || subjects.some((each) => each.id === chosen.id);
  return (
    <HaltDialog
      onClose={onClose}
      workspace={me.workspace.name}
      subjects={isListed ? subjects : [...subjects, chosen]}
      chosen={chosen}
      busy={engage.isPending}
      error={engage.error ? errorWords(engage.error) : null}
      onEngage={(order) => engage.mutate(order)}
    />
  );
}
