import { type ReactNode, Suspense } from 'react';
import { AudienceCard } from '@/components/audience/audience-card';
import { TheCall } from '@/components/call/the-call';
import { EndingOrDrill } from '@/components/drills/drill-card';
import { ChangeArguments } from '@/components/edit/change-arguments';
import { EditedCard } from '@/components/edit/edited-card';
import { BlastRadiusView } from '@/components/footprint/blast-radius-view';
import { ExposureCard } from '@/components/footprint/exposure-card';
import { FootprintItems } from '@/components/footprint/footprint-items';
import { PayloadCard } from '@/components/footprint/payload-card';
import { UnknownFacts } from '@/components/footprint/unknown-facts';
import { BreakGlass } from '@/components/glass/break-glass';
import { GlassCard } from '@/components/glass/glass-card';
import { MakeGrant } from '@/components/grants/make-grant';
import { Timeline } from '@/components/history/timeline';
import { PolicyChangeCards } from '@/components/policy/policy-change-cards';
import { Callout } from '@/components/ui/callout';
import { Card } from '@/components/ui/card';
import type { Footprint } from '@/server/domain/footprint';
import type { ActionDetail } from '@/server/domain/views';
import { AgentsStory } from './agents-story';
import { DriftCard } from './drift-card';
import { Headline } from './headline';
import { RejudgedCard } from './rejudged-card';
import { UndoCard } from './undo-card';
import { Votes } from './votes';
import { WhyHeld } from './why-held';

const METHODS: Record<Footprint['method'], string> = {
  rehearsed: 'run for real and rolled back',
  read_only: 'run in a read-only transaction',
  inspected: 'every file looked at',
  planned: 'only planned, not run',
  declared: 'taken from the tool’s description',
  none: 'not measured',
};

function Measured({ action }: { action: ActionDetail }) {
  const { footprint, blastRadius } = action;
  if (!footprint || !blastRadius) {
    return (
      <Callout tone="notice" title="Not measured yet">
        The numbers appear here by themselves as soon as Holdpoint has them.
      </Callout>
    );
  }
  if (footprint.forbidden) {
    // The ending above says it already.
    return action.status === 'denied' ? null : (
      <Callout tone="danger" title="Refused before it was measured">
        {footprint.forbidden.message}
      </Callout>
    );
  }
  return (
    <>
      <Card
        id="blast-radius"
        title="Blast radius"
        aside={
          <span className="text-faint text-sm">
            {METHODS[footprint.method]}
            {footprint.as ? (
              <>
                {' '}
                as <code>{footprint.as.role}</code>
              </>
            ) : null}
          </span>
        }
      >
        <BlastRadiusView footprint={footprint} radius={blastRadius} />
      </Card>
      {footprint.audience ? <AudienceCard audience={footprint.audience} /> : null}
      {footprint.payload ? <PayloadCard payload={footprint.payload} /> : null}
      {footprint.exposure ? <ExposureCard exposure={footprint.exposure} agent={action.agent.name} /> : null}
      <UnknownFacts unknowns={footprint.unknowns} />
      <Card id="items" title="Everything it touches" flush>
        <FootprintItems items={footprint.items} />
      </Card>
    </>
  );
}

const WHY: Partial<Record<ActionDetail['status'], string>> = { denied: 'Why it was denied' };

/** The whole page of one planned action, in the order the eye needs it. `rows` and `bar` bring their own data and decisions. */
export function ActionReview({
  action,
  rows,
  bar,
}: {
  action: ActionDetail;
  rows: ReactNode;
  bar: ReactNode;
}) {
  const why = action.rules.some((rule) => rule.verdict !== 'allow')
    ? 'Why it was held'
    : 'Why it was allowed';
  return (
    <article className="mx-auto flex w-full max-w-[64rem] flex-col gap-5 pb-6">
      <Headline action={action} />
      <EndingOrDrill action={action} />
      <UndoCard action={action} />
      <GlassCard actionId={action.actionId} />
      <EditedCard action={action} />
      <MakeGrant action={action} />
      <RejudgedCard action={action} />
      {action.drift ? <DriftCard drift={action.drift} /> : null}
      {/* Each part is made live by itself: a page of this length in one go would keep the first tap waiting. */}
      <Suspense>
        {action.policyChange ? (
          <PolicyChangeCards change={action.policyChange} />
        ) : (
          <Measured action={action} />
        )}
      </Suspense>
      <Suspense>{rows}</Suspense>
      <Suspense>
        <Card id="why" title={WHY[action.status] ?? why}>
          <WhyHeld action={action} />
          <Votes action={action} />
          <BreakGlass action={action} />
        </Card>
        <Card id="call" title="The call" aside={<ChangeArguments action={action} />}>
          <TheCall action={action} />
        </Card>
        <Card id="story" title={`What ${action.agent.name} says`}>
          <AgentsStory action={action} />
        </Card>
        <Card id="history" title="What happened so far">
          <Timeline events={action.history} />
        </Card>
      </Suspense>
      {bar}
    </article>
  );
}
