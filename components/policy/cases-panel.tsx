'use client';
import { useMutation } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { errorWords } from '@/components/api/error-words';
import { useTRPC } from '@/components/api/trpc';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { Card } from '@/components/ui/card';
import type { DraftReport } from '@/server/domain/policy-views';
import { CaseRow } from './case-row';
import type { Content } from './use-draft';

const TEMPLATE = JSON.stringify(
  {
    title: 'What happens, in a few words',
    facts: {
      footprint: {
        items: [{ operation: 'update', resource: 'public.t', count: 20, classes: ['internal'] }],
        readOnly: false,
        method: 'rehearsed',
      },
    },
    expect: { policies: ['changes'], quorum: 1 },
  },
  null,
  2,
);

type Entry = Content['cases'][number];

/** What each policy is held to. Publishing refuses a policy without a case and a case that fails. */
export function CasesPanel({
  draftId,
  content,
  change,
  saved,
}: {
  draftId: string;
  content: Content;
  change: (next: (content: Content) => Content) => void;
  saved: boolean;
}) {
  const trpc = useTRPC();
  const [report, setReport] = useState<DraftReport | null>(null);
  const run = useMutation(
    trpc.policy.report.mutationOptions({ onSuccess: (answer) => setReport(answer as DraftReport) }),
  );
  const faults = new Map(report?.cases.map((c) => [`${c.verdict}/${c.name}`, c.faults]));
  const failing = report?.cases.filter((c) => c.faults.length > 0).length ?? 0;
  const put = (i: number, next: Entry | null) =>
    change((now) => ({ ...now, cases: now.cases.flatMap((c, j) => (j === i ? (next ? [next] : []) : [c])) }));
  const add = () =>
    change((now) => ({
      ...now,
      cases: [
        { name: `case-${Date.now().toString(36)}`, verdict: 'hold' as const, text: TEMPLATE },
        ...now.cases,
      ],
    }));
  return (
    <div className="space-y-4">
      <div className="flex flex-wrap items-center gap-2">
        <Button
          variant="primary"
          busy={run.isPending}
          disabled={!saved}
          onClick={() => run.mutate({ draftId })}
        >
          Run all cases
        </Button>
        <Button onClick={add}>
          <Plus /> New case
        </Button>
        {report ? (
          <p role="status" className="text-base text-soft">
            {report.problems.length > 0
              ? `${report.problems.length} problems stand in the way: ${report.problems[0]?.policy} ${report.problems[0]?.message}`
              : `${report.cases.length - failing} hold, ${failing} fail`}
          </p>
        ) : null}
      </div>
      {run.error ? (
        <Callout tone="danger" role="alert">
          {errorWords(run.error)}
        </Callout>
      ) : null}
      {report && report.withoutCase.length > 0 ? (
        <Callout tone="caution" title="Without a case">
          {report.withoutCase.join(', ')}: nobody would notice if they stopped working. Add a case that
          expects each.
        </Callout>
      ) : null}
      <Card flush>
        <ul className="divide-y divide-line">
          {content.cases.map((entry, i) => (
            <CaseRow
              // biome-ignore lint/suspicious/noArrayIndexKey: two cases may share a name while they are written
              key={`${entry.name}-${i}`}
              entry={entry}
              faults={faults.get(`${entry.verdict}/${entry.name}`) ?? null}
              onChange={(next) => put(i, next)}
              onRemove={() => put(i, null)}
            />
          ))}
        </ul>
      </Card>
    </div>
  );
}
