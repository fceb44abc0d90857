'use client';
import type { startAuthentication } from '@simplewebauthn/browser';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { errorWords } from '@/components/api/error-words';
import { useTRPC } from '@/components/api/trpc';
import type { DecisionMade } from '@/components/decision/decision-bar';
import { toast } from '@/components/ui/toaster';
import type { ActionDetail } from '@/server/domain/views';
import { ENDING_ID } from './ending-card';
import { useLooked } from './use-looked';

const SAID = { approve: 'Approved', reject: 'Rejected', send_back: 'Sent back' } as const;

type AuthenticationOptions = Parameters<typeof startAuthentication>[0]['optionsJSON'];

/** What the browser says when somebody closes its question is nothing to act on. */
const presenceWords = (error: unknown): string =>
  error instanceof Error && error.name === 'NotAllowedError'
    ? 'Your passkey was not used, so nothing was decided. Approve once more.'
    : errorWords(error);

/** Sends decisions on what is on the screen. It outlives the bar: a refusal because somebody else was quicker is still told. */
export function useDecide(action: ActionDetail | undefined, others: readonly string[]) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const looked = useLooked(action && `${action.actionId} ${action.footprintDigest}`);
  const decide = useMutation(
    trpc.review.decide.mutationOptions({
      onSuccess: (after, input) => {
        queries.setQueryData(trpc.review.get.queryKey({ actionId: after.actionId }), after);
        void queries.invalidateQueries({ queryKey: trpc.drill.pathKey() });
        void queries.invalidateQueries({ queryKey: trpc.review.list.pathKey() });
        void queries.invalidateQueries({ queryKey: trpc.review.counts.pathKey() });
        toast.success(SAID[input.decision]);
        // The bar is gone with its last button: what became of it is at the top.
        if (after.status !== 'held') requestAnimationFrame(() => document.getElementById(ENDING_ID)?.focus());
      },
      onError: () => void queries.invalidateQueries({ queryKey: trpc.review.get.pathKey() }),
    }),
  );
  const together = useMutation(
    trpc.review.decideIdentical.mutationOptions({
      onSuccess: ({ decided, refused }, input) => {
        toast.success(`${SAID[input.decision]}: ${decided.length} holds`);
        for (const { why } of refused) toast.warning(why);
        void queries.invalidateQueries();
      },
      onError: () => void queries.invalidateQueries({ queryKey: trpc.review.pathKey() }),
    }),
  );
  const ask = useMutation(trpc.review.askPresence.mutationOptions());
  const presence = useMutation({
    mutationFn: async ({ of, made }: { of: ActionDetail; made: DecisionMade }) => {
      const { actionId, digest } = of;
      const subject = {
        actionId,
        digest,
        footprintDigest: of.footprintDigest ?? '',
        decision: made.decision,
      };
      // Few approvals need it, so the page comes without it.
      const [{ options }, passkeys] = await Promise.all([
        ask.mutateAsync(subject),
        import('@simplewebauthn/browser'),
      ]);
      const answer = await passkeys.startAuthentication({ optionsJSON: options as AuthenticationOptions });
      decide.mutate({ ...subject, ...made, presence: answer, lookedMs: looked() });
    },
  });
  const onDecide = (made: DecisionMade) => {
    if (!action) return;
    presence.reset();
    if (made.decision === 'approve' && action.hold?.presence === 'passkey') {
      return presence.mutate({ of: action, made });
    }
    const { actionId, digest, footprintDigest } = action;
    if (others.length > 0) {
      const { decision, note } = made;
      return together.mutate({
        actionId,
        digest,
        footprintDigest: footprintDigest ?? '',
        decision,
        ...(note === undefined ? {} : { note }),
        others: [...others],
        lookedMs: looked(),
      });
    }
    decide.mutate({
      actionId,
      digest,
      footprintDigest: footprintDigest ?? '',
      ...made,
      lookedMs: looked(),
    });
  };
  const error = presence.error ?? together.error ?? decide.error;
  const busy = presence.isPending || together.isPending || decide.isPending;
  return { onDecide, busy, error: error ? presenceWords(error) : null };
}
