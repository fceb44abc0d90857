'use client';
import { CornerUpLeft, ShieldCheck, UserRoundX, X } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { cn } from '@/components/ui/cn';
import { Deadline } from '@/components/ui/deadline';
import { Kbd } from '@/components/ui/kbd';
import { useHotkeys } from '@/components/ui/use-hotkeys';
import type { ActionDetail } from '@/server/domain/views';
import type { Decision } from '@/server/domain/vocabulary';
import { ApproveStep } from './approve-step';
import { Quorum } from './quorum';
import { RefuseStep } from './refuse-step';

export type DecisionMade = { decision: Decision; note?: string; confirm?: string };

function Standing({ action }: { action: ActionDetail }) {
  const { yours, count } = action.ballots;
  return (
    <div className="flex min-w-0 flex-wrap items-center gap-x-5 gap-y-1">
      <Quorum votes={yours || action.needed === 1 ? action.votes : count} needed={action.needed} />
      {action.expiresAt ? <Deadline at={action.expiresAt} focusable /> : null}
    </div>
  );
}

function Barred({ action }: { action: ActionDetail }) {
  const voted = action.ballots.yours;
  return (
    <p className="flex min-w-0 items-start gap-2 text-base">
      <UserRoundX aria-hidden className="mt-0.5 size-4.5 shrink-0 text-faint" />
      <span>
        {voted ? (
          <>
            <strong className="font-semibold">You approved.</strong> Others are still to decide; they do not
            see your answer before giving theirs.
          </>
        ) : (
          <>
            <strong className="font-semibold">You cannot decide this one.</strong> {action.eligibility.why}
          </>
        )}
      </span>
    </p>
  );
}

/** Always in reach, outside anything an agent can influence. No single key decides: each opens a step that has to be completed. */
export function DecisionBar({
  action,
  busy,
  error,
  above,
  onDecide,
}: {
  action: ActionDetail;
  busy: boolean;
  error: string | null;
  /** What belongs to every answer. */
  above?: ReactNode;
  onDecide: (made: DecisionMade) => void;
}) {
  const [step, setStep] = useState<Decision | null>(null);
  const can = action.eligibility.canDecide;
  useHotkeys(
    {
      a: () => setStep('approve'),
      r: () => setStep('reject'),
      s: () => setStep('send_back'),
    },
    can,
  );
  return (
    <section
      aria-label="Decision"
      data-dock
      onKeyDown={(event) => {
        if (event.key === 'Escape') setStep(null);
      }}
      className={cn(
        'sticky bottom-0 z-20 -mx-4 border-line-strong border-t bg-raised px-4 py-3 pb-[max(0.75rem,env(safe-area-inset-bottom))] shadow-float',
        'sm:bottom-4 sm:mx-0 sm:rounded-xl sm:border sm:px-5 sm:pb-3',
      )}
    >
      {error ? (
        <Callout tone="danger" role="alert" className="mb-3">
          {error}
        </Callout>
      ) : null}
      {can ? above : null}
      {step === null || !can ? (
        <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3">
          {can ? null : <Barred action={action} />}
          <Standing action={action} />
          {can ? (
            <div className="flex gap-2 max-sm:w-full">
              <Button onClick={() => setStep('send_back')} className="max-sm:flex-1 max-sm:px-2">
                <CornerUpLeft /> Send back <Kbd className="max-sm:hidden">S</Kbd>
              </Button>
              <Button
                variant="outline-danger"
                onClick={() => setStep('reject')}
                className="max-sm:flex-1 max-sm:px-2"
              >
                <X /> Reject <Kbd className="max-sm:hidden">R</Kbd>
              </Button>
              <Button
                variant="primary"
                onClick={() => setStep('approve')}
                className="max-sm:flex-1 max-sm:px-2"
              >
                <ShieldCheck /> Approve
                <Kbd className="border-page/30 bg-transparent text-page/80 max-sm:hidden">A</Kbd>
              </Button>
            </div>
          ) : null}
        </div>
      ) : step === 'approve' ? (
        <ApproveStep
          action={action}
          fact={action.hold?.confirm ?? null}
          busy={busy}
          onCancel={() => setStep(null)}
          onApprove={(confirm) =>
            onDecide({ decision: 'approve', ...(confirm === undefined ? {} : { confirm }) })
          }
        />
      ) : (
        <RefuseStep
          key={step}
          decision={step}
          agent={action.agent.name}
          busy={busy}
          onCancel={() => setStep(null)}
          onRefuse={(note) => onDecide({ decision: step, note })}
        />
      )}
    </section>
  );
}
