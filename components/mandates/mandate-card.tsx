'use client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { errorWords } from '@/components/api/error-words';
import { hasRole, useMe } from '@/components/api/me';
import { useTRPC } from '@/components/api/trpc';
import { ReasonDialog } from '@/components/apply/reason-dialog';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { counted } from '@/components/ui/number-words';
import { RelativeTime } from '@/components/ui/relative-time';
import { toast } from '@/components/ui/toaster';
import { useNow } from '@/components/ui/use-now';
import type { RunDetail } from '@/server/domain/run-views';
import { GrantMandate } from './grant-mandate';
import { LimitsFacts } from './limits-facts';

function EndMandate({ runId }: { runId: string }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const end = useMutation(
    trpc.grant.endMandate.mutationOptions({
      onSuccess: ({ revoked }) => {
        toast.success('The mandate is ended', { description: `${counted(revoked, 'release')} taken back.` });
        return queries.invalidateQueries();
      },
    }),
  );
  return (
    <ReasonDialog
      trigger={<Button variant="outline-danger">End it…</Button>}
      title="End the mandate"
      description="Everything this run plans from now on is held, and what was released but has not started is taken back."
      confirm="End it"
      placeholder="The correction is done"
      busy={end.isPending}
      error={end.error ? errorWords(end.error) : null}
      onConfirm={(reason) =>
        end.mutateAsync({ runId, reason }).then(
          () => true,
          () => false,
        )
      }
    />
  );
}

function State({ inForce }: { inForce: NonNullable<RunDetail['inForce']> }) {
  const now = useNow();
  const { by, expiresAt, endedAt } = inForce;
  if (endedAt) return <Badge tone="danger">ended</Badge>;
  if (expiresAt && Date.parse(expiresAt) <= now) return <Badge tone="danger">its time is over</Badge>;
  return by ? <Badge tone="good">granted</Badge> : <Badge tone="caution">asked for, not granted</Badge>;
}

/** What the run may do: asked for or granted, how much of it is spent, and the buttons for who may say so. */
export function MandateCard({ run }: { run: RunDetail }) {
  const { inForce } = run;
  const decides = hasRole(useMe(), 'owner', 'security_lead', 'reviewer');
  const mayEnd = decides && inForce !== null && inForce.endedAt === null && run.finishedAt === null;
  return (
    <Card id="mandate" title="Mandate" aside={inForce ? <State inForce={inForce} /> : null}>
      <div className="flex flex-col gap-4">
        {inForce === null ? (
          <p className="max-w-2xl text-base text-soft">
            It asked for no limits of its own and was given none: policy alone decides. A mandate says which
            tools, data and people it may reach, how much of it and for how long; beyond that everything is
            held.
          </p>
        ) : (
          <>
            <LimitsFacts limits={inForce.limits} spent={inForce.spent} />
            <p className="text-faint text-sm">
              {inForce.by
                ? `Granted by ${inForce.by}`
                : 'The agent’s own wish: it binds it until somebody grants it, or something else'}
              {inForce.expiresAt ? (
                <>
                  ; ends <RelativeTime at={inForce.expiresAt} focusable />
                </>
              ) : null}
              .
            </p>
          </>
        )}
        {decides && (run.mayGrant || mayEnd) ? (
          <div className="flex flex-wrap gap-2">
            {run.mayGrant ? <GrantMandate run={run} /> : null}
            {mayEnd ? <EndMandate runId={run.runId} /> : null}
          </div>
        ) : null}
      </div>
    </Card>
  );
}
