'use client';
import { ArrowLeft } from 'lucide-react';
import { useState } from 'react';
import { errorWords } from '@/components/api/error-words';
import { Callout } from '@/components/ui/callout';
import { Card } from '@/components/ui/card';
import { Link } from '@/components/ui/link';
import { PageHeader } from '@/components/ui/page-header';
import { Skeleton } from '@/components/ui/skeleton';
import { TabPanel, Tabs } from '@/components/ui/tabs';
import { BacktestPanel } from './backtest-panel';
import { CasesPanel } from './cases-panel';
import { DraftPolicies } from './draft-policies';
import { PolicyDiff } from './policy-diff';
import { PublishDialog } from './publish-dialog';
import { useDraft } from './use-draft';

/** A draft: its policies, its cases, what they change, what they would have changed, and the way to publish it. */
export function DraftPage({ draftId }: { draftId: string }) {
  const { draft, content, change, state, failed, error } = useDraft(draftId);
  const [tab, setTab] = useState('policies');
  if (error) {
    return (
      <Callout tone="danger" role="alert" title="This draft could not be read">
        {errorWords(error)}
      </Callout>
    );
  }
  if (!draft || !content) return <Skeleton className="mx-auto h-96 max-w-[64rem]" />;
  return (
    <div className="mx-auto max-w-[64rem]">
      <Link
        href="/policy"
        className="-ml-1 inline-flex min-h-8 items-center gap-1.5 rounded-sm px-1 text-faint text-sm hover:text-ink"
      >
        <ArrowLeft aria-hidden className="size-4" /> Policy
      </Link>
      <PageHeader
        title={draft.name}
        description={`From version ${draft.baseVersion}, by ${draft.editors.join(', ')}. ${state === 'saved' ? 'Everything is kept.' : state === 'saving' ? 'Keeping it…' : ''}`}
        action={<PublishDialog draft={draft} saved={state === 'saved'} />}
      />
      {failed ? (
        <Callout tone="danger" role="alert" className="mb-4" title="Not kept">
          {state}
        </Callout>
      ) : null}
      {draft.isStale ? (
        <Callout
          tone="caution"
          className="mb-4"
          title={`Version ${draft.inForceVersion} was published since`}
        >
          This draft would undo it and cannot be published. Begin a new one and carry over what you need.
        </Callout>
      ) : null}
      <Tabs
        label="Parts of the draft"
        value={tab}
        onValueChange={setTab}
        tabs={[
          { value: 'policies', label: 'Policies', count: content.policies.length },
          { value: 'cases', label: 'Cases', count: content.cases.length },
          { value: 'changes', label: 'Changes', count: draft.diff.policies.length },
          { value: 'backtest', label: 'Backtest' },
        ]}
      >
        <TabPanel value="policies" className="pt-5">
          <DraftPolicies content={content} change={change} />
        </TabPanel>
        <TabPanel value="cases" className="pt-5">
          <CasesPanel draftId={draftId} content={content} change={change} saved={state === 'saved'} />
        </TabPanel>
        <TabPanel value="changes" className="pt-5">
          <Card flush>
            <PolicyDiff diff={draft.diff} />
          </Card>
        </TabPanel>
        <TabPanel value="backtest" className="pt-5">
          <BacktestPanel draftId={draftId} saved={state === 'saved'} />
        </TabPanel>
      </Tabs>
    </div>
  );
}
