'use client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { OctagonPause } from 'lucide-react';
import { useState } from 'react';
import { Anomalies } from '@/components/anomalies/anomalies';
import { errorWords } from '@/components/api/error-words';
import { hasRole, useMe } from '@/components/api/me';
import { useTRPC } from '@/components/api/trpc';
import { useShell } from '@/components/shell/shell-context';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { Card } from '@/components/ui/card';
import { PageHeader } from '@/components/ui/page-header';
import { Skeleton } from '@/components/ui/skeleton';
import { toast } from '@/components/ui/toaster';
import type { HaltView } from '@/server/domain/views';
import { HaltList } from './halt-list';
import { LiftDialog } from './lift-dialog';

export function HaltsPage() {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const me = useMe();
  const { openHalt } = useShell();
  const [lifting, setLifting] = useState<HaltView | null>(null);
  const halts = useQuery(trpc.halt.list.queryOptions());
  const lift = useMutation(
    trpc.halt.lift.mutationOptions({
      onSuccess: () => {
        void queries.invalidateQueries();
        toast.success('The halt is lifted');
        setLifting(null);
      },
    }),
  );
  const mayLift = hasRole(me, 'owner', 'security_lead');
  return (
    <div className="mx-auto max-w-[64rem]">
      <PageHeader
        title="Halts"
        description="A halt beats everything: from the moment it is engaged no approval releases and no release runs, until a person lifts it."
        action={
          <Button variant="danger" onClick={() => openHalt()}>
            <OctagonPause /> Halt…
          </Button>
        }
      />
      {mayLift ? null : (
        <p className="mb-4 text-soft">
          Owners and security leads can lift a halt. Everyone who reviews can engage one.
        </p>
      )}
      <div className="flex flex-col gap-5">
        <Card flush>
          {halts.data ? (
            <HaltList halts={halts.data} onLift={mayLift ? setLifting : undefined} />
          ) : halts.error ? (
            <Callout tone="danger" role="alert" className="m-4">
              {errorWords(halts.error)}
            </Callout>
          ) : (
            <div className="space-y-3 p-5" role="status" aria-label="Loading halts">
              <Skeleton className="h-14" />
              <Skeleton className="h-14" />
            </div>
          )}
        </Card>
        <Anomalies />
      </div>
      {lifting ? (
        <LiftDialog
          halt={lifting}
          busy={lift.isPending}
          error={lift.error ? errorWords(lift.error) : null}
          onClose={() => {
            lift.reset();
            setLifting(null);
          }}
          onLift={(reason) => lift.mutate({ haltId: lifting.haltId, reason })}
        />
      ) : null}
    </div>
  );
}
