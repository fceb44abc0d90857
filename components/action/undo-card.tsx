'use client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Undo2 } from 'lucide-react';
import { useRouter } from 'next/navigation';
import type { ReactNode } from 'react';
import { errorWords } from '@/components/api/error-words';
import { hasRole, useMe } from '@/components/api/me';
import { useTRPC } from '@/components/api/trpc';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { Link } from '@/components/ui/link';
import { counted } from '@/components/ui/number-words';
import type { ActionDetail, UndoView } from '@/server/domain/views';

/** Plans it and goes there: nothing runs by pressing. */
function PlanUndo({ actionId }: { actionId: string }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const router = useRouter();
  const plan = useMutation(
    trpc.review.planUndo.mutationOptions({
      onSuccess: (planned) => {
        void queries.invalidateQueries({ queryKey: trpc.review.get.pathKey() });
        router.push(`/actions/${planned.actionId}`);
      },
    }),
  );
  return (
    <div className="mt-3">
      <Button disabled={plan.isPending} onClick={() => plan.mutate({ actionId })}>
        <Undo2 /> Plan the undo
      </Button>
      {plan.error ? (
        <p role="alert" className="mt-2 text-danger-text">
          {errorWords(plan.error)}
        </p>
      ) : null}
    </div>
  );
}

function Left({ tables, files }: { tables: UndoView['left']; files: boolean }) {
  if (tables.length === 0) return null;
  if (files) {
    return (
      <p className="mt-1.5 text-faint text-sm [overflow-wrap:anywhere]">
        Git had no copy of {tables.join(', ')}: that cannot be brought back.
      </p>
    );
  }
  return (
    <p className="mt-1.5 text-faint text-sm">
      What triggers wrote to {tables.join(', ')} would stay as it is.
    </p>
  );
}

function Report({ report }: { report: UndoView['report'] }) {
  return (
    <ul className="mt-2 space-y-1">
      {report.map(({ resource, restored, movedOn }) => (
        <li key={`${resource}/${restored}/${movedOn}`}>
          <code>{resource}</code>: {counted(restored, 'row')} put back
          {movedOn > 0
            ? `; ${counted(movedOn, 'row')} left as ${movedOn === 1 ? 'it is' : 'they are'}, because somebody has changed ${movedOn === 1 ? 'it' : 'them'} since`
            : ''}
        </li>
      ))}
    </ul>
  );
}

const to = (actionId: string, words: ReactNode) => (
  <Link className="underline underline-offset-2" href={`/actions/${actionId}`}>
    {words}
  </Link>
);

/** Whether what ran can be taken back, and how; on an undo, what it takes back. */
export function UndoCard({ action }: { action: ActionDetail }) {
  const { undo } = action;
  const me = useMe();
  const things = action.toolDetail.kind === 'files' ? 'file' : 'row';
  if (undo.state === null && undo.of === null) return null;
  return (
    <Card id="undo" title="Undo">
      {undo.of ? <p>This takes back what {to(undo.of, 'an earlier action')} did.</p> : null}
      {undo.report.length > 0 ? <Report report={undo.report} /> : null}
      {undo.state === 'planned' && undo.plannedAs ? (
        <p>{to(undo.plannedAs, 'Its undo')} is planned: it waits for approval like any action, or has run.</p>
      ) : null}
      {undo.state === 'impossible' ? <p>Cannot be undone from here. {undo.why}</p> : null}
      {undo.state === 'possible' ? (
        <>
          <p>
            {counted(undo.rows ?? 0, things)} can be put back as before. The undo is a planned action: it is
            measured and held, others approve it, and {things}s changed since are left alone. You would have
            no vote on it.
          </p>
          <Left tables={undo.left} files={things === 'file'} />
          {hasRole(me, 'owner', 'security_lead', 'reviewer') ? <PlanUndo actionId={action.actionId} /> : null}
        </>
      ) : null}
    </Card>
  );
}
