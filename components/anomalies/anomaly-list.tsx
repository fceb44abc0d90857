'use client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { CircleCheck, OctagonPause, TriangleAlert } from 'lucide-react';
import { InertText } from '@/components/agent-words/inert-text';
import { errorWords } from '@/components/api/error-words';
import { hasRole, useMe } from '@/components/api/me';
import { useTRPC } from '@/components/api/trpc';
import { ReasonDialog } from '@/components/apply/reason-dialog';
import { useShell } from '@/components/shell/shell-context';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Link } from '@/components/ui/link';
import { RelativeTime } from '@/components/ui/relative-time';
import { toast } from '@/components/ui/toaster';
import type { AnomalyView } from '@/server/domain/views';

function Close({ anomaly }: { anomaly: AnomalyView }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const close = useMutation(
    trpc.halt.closeAnomaly.mutationOptions({
      onSuccess: () => {
        toast.success('Noted');
        return queries.invalidateQueries();
      },
    }),
  );
  return (
    <ReasonDialog
      trigger={<Button>I have looked…</Button>}
      title={`What was unusual about ${anomaly.agent.name}`}
      description="It is not raised again for ten minutes. A halt stays until it is lifted."
      confirm="Close it"
      variant="primary"
      placeholder="The monthly run, as every first Monday"
      busy={close.isPending}
      error={close.error ? errorWords(close.error) : null}
      onConfirm={(note) =>
        close.mutateAsync({ anomalyId: anomaly.anomalyId, note }).then(
          () => true,
          () => false,
        )
      }
    />
  );
}

function Anomaly({ anomaly }: { anomaly: AnomalyView }) {
  const { openHalt } = useShell();
  const decides = hasRole(useMe(), 'owner', 'security_lead', 'reviewer');
  const { agent, closed, haltId, actionId } = anomaly;
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-3 px-4 py-4 sm:px-5">
      {closed === null ? (
        <TriangleAlert aria-hidden className="mt-0.5 size-4.5 shrink-0 text-caution-text" />
      ) : (
        <CircleCheck aria-hidden className="mt-0.5 size-4.5 shrink-0 text-faint" />
      )}
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-x-2.5 gap-y-1 text-base">
          <Link href={`/agents/${agent.id}`} className="font-medium underline underline-offset-2">
            {agent.name}
          </Link>
          {haltId ? <Badge tone="danger">halted</Badge> : null}
          {closed === null ? <Badge tone="caution">open</Badge> : null}
        </p>
        <p className="mt-1">{anomaly.what}.</p>
        <p className="mt-1 text-faint text-sm [overflow-wrap:anywhere]">
          <RelativeTime at={anomaly.at} focusable />
          {actionId ? (
            <>
              {' '}
              with{' '}
              <Link href={`/actions/${actionId}`} className="underline underline-offset-2">
                this action
              </Link>
            </>
          ) : null}
          {closed ? (
            <>
              . {closed.by}: “<InertText text={closed.note} />”
            </>
          ) : null}
        </p>
      </div>
      {closed === null && decides ? (
        <span className="flex flex-wrap gap-2">
          <Close anomaly={anomaly} />
          {haltId ? null : (
            <Button
              variant="outline-danger"
              onClick={() => openHalt({ scope: 'agent', id: agent.id, name: agent.name })}
            >
              <OctagonPause /> Halt it…
            </Button>
          )}
        </span>
      ) : null}
    </li>
  );
}

/** What is unusual about agents right now, then what was. */
export function AnomalyList({ anomalies }: { anomalies: AnomalyView[] }) {
  if (anomalies.length === 0) {
    return (
      <p className="px-4 py-5 text-soft sm:px-5">
        Nothing unusual. Every ten seconds Holdpoint looks at what agents did in the last minutes.
      </p>
    );
  }
  return (
    <ul className="divide-y divide-line">
      {anomalies.map((anomaly) => (
        <Anomaly key={anomaly.anomalyId} anomaly={anomaly} />
      ))}
    </ul>
  );
}
