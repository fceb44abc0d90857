import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { errorWords } from '@/components/api/error-words';
import { useTRPC } from '@/components/api/trpc';
import { toast } from '@/components/ui/toaster';
import type { ActionDetail } from '@/server/domain/views';
import { RevealDialog } from './reveal-dialog';

/** Asking for what is masked: `ask` opens the dialog, which says what is recorded. Undefined where there is nothing to reveal. */
export function useReveal(action: ActionDetail) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [asking, setAsking] = useState(false);
  const reveal = useMutation(
    trpc.review.reveal.mutationOptions({
      onSuccess: () => {
        setAsking(false);
        void queries.invalidateQueries({ queryKey: trpc.review.rows.pathKey() });
        void queries.invalidateQueries({ queryKey: trpc.review.get.pathKey() });
        toast.success('Revealed, and recorded in the audit log');
      },
    }),
  );
  const { actionId, footprintDigest, images } = action;
  const dialog = asking ? (
    <RevealDialog
      open
      onOpenChange={setAsking}
      classes={images.maskedClasses}
      busy={reveal.isPending}
      error={reveal.error ? errorWords(reveal.error) : null}
      onReveal={(reason) => reveal.mutate({ actionId, footprintDigest: footprintDigest ?? '', reason })}
    />
  ) : null;
  return {
    ask: () => setAsking(true),
    askIfMasked: images.maskedClasses.length > 0 ? () => setAsking(true) : undefined,
    dialog,
  };
}
