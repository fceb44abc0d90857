import { Card } from '@/components/ui/card';
import { ClassChips } from '@/components/ui/class-chip';
import { counted } from '@/components/ui/number-words';
import { ProvenanceMark } from '@/components/ui/provenance-mark';
import type { Footprint } from '@/server/domain/footprint';

type Exposure = NonNullable<Footprint['exposure']>;

const people = (count: number | null): string =>
  count === null ? 'an unknown number of people' : counted(count, 'person', 'people');
/** People and agents; an agent that reads is one who learns. */
const knowers = (count: number | null): string =>
  count === null ? 'An unknown number of people' : count === 1 ? 'One' : counted(count, 'person', 'people');

function Fact({ label, count }: { label: string; count: number | null }) {
  return (
    <div className="flex items-baseline justify-between gap-4 py-1">
      <dt>{label}</dt>
      <dd className="flex items-baseline gap-2 whitespace-nowrap font-medium tabular-nums">
        {people(count)}
        <ProvenanceMark compact provenance={count === null ? 'unknown' : 'measured'} />
      </dd>
    </div>
  );
}

/** What the exposure ledger would hold afterwards that it does not hold yet, and how much the run and the agent have read by then. */
export function ExposureCard({ exposure, agent }: { exposure: Exposure; agent: string }) {
  const { audience, subjects, classes, runSubjects, agentSubjects } = exposure;
  if (audience === 0 && runSubjects === 0 && agentSubjects === 0) return null;
  return (
    <Card id="exposure" title="What it adds to who knows what">
      {audience === 0 ? (
        <p>Nobody would learn anything that they do not know already.</p>
      ) : (
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1.5">
          <span>
            {knowers(audience)} will now know{classes.length === 0 ? ' something' : ''}
          </span>
          <ClassChips names={classes} />
          <span>data of {people(subjects)}, beyond what is known already.</span>
        </p>
      )}
      <dl className="mt-3 border-line border-t pt-2 text-base">
        <Fact label="Sensitive data the run has read by then, of" count={runSubjects} />
        <Fact label={`The same for ${agent} in 24 hours, of`} count={agentSubjects} />
      </dl>
    </Card>
  );
}
