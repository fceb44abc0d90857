'use client';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Upload } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { errorWords } from '@/components/api/error-words';
import { useTRPC } from '@/components/api/trpc';
import { ReasonDialog } from '@/components/apply/reason-dialog';
import { Button } from '@/components/ui/button';
import type { BacktestView, DraftView } from '@/server/domain/policy-views';

/** Proposes the draft as it is kept; another owner or security lead decides. */
export function PublishDialog({ draft, saved }: { draft: DraftView; saved: boolean }) {
  const trpc = useTRPC();
  const router = useRouter();
  const { draftId, revision, approvers } = draft;
  const backtest = useQuery(trpc.policy.backtest.queryOptions({ draftId })).data as
    | BacktestView
    | null
    | undefined;
  const isReplayed = backtest?.status === 'done' && backtest.isCurrent;
  const propose = useMutation(trpc.policy.propose.mutationOptions());
  const who =
    approvers.length > 0
      ? `${approvers.join(' or ')} can agree to it.`
      : 'Nobody else here could agree to it: invite another owner or security lead on the People page first.';
  return (
    <ReasonDialog
      trigger={
        <Button variant="primary" disabled={!saved || draft.isStale}>
          <Upload /> Publish…
        </Button>
      }
      title="Publish this draft"
      description={
        <>
          It becomes a held action. {who}{' '}
          {isReplayed
            ? 'The backtest goes with it.'
            : 'It was not replayed over recorded actions as it is now, so it counts as critical.'}
        </>
      }
      confirm="Propose it"
      variant="primary"
      placeholder="Payroll asked to decide about payroll"
      error={propose.error ? errorWords(propose.error) : null}
      busy={propose.isPending}
      onConfirm={(note) =>
        propose.mutateAsync({ draftId, revision, note }).then(
          ({ actionId }) => {
            router.push(`/actions/${actionId}`);
            return true;
          },
          () => false,
        )
      }
    />
  );
}
