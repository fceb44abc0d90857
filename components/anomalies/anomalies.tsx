'use client';
import { useQuery } from '@tanstack/react-query';
import { errorWords } from '@/components/api/error-words';
import { hasRole, useMe } from '@/components/api/me';
import { useTRPC } from '@/components/api/trpc';
import { ListSkeleton } from '@/components/apply/list-skeleton';
import { Callout } from '@/components/ui/callout';
import { Card } from '@/components/ui/card';
import { AnomalyList } from './anomaly-list';
import { RuleForm } from './rule-form';

/** What is unusual about agents, and by which rules that is said. */
export function Anomalies() {
  const canSetUp = hasRole(useMe(), 'owner', 'security_lead');
  const found = useQuery(useTRPC().halt.anomalies.queryOptions());
  if (found.error) {
    return (
      <Callout tone="danger" role="alert">
        {errorWords(found.error)}
      </Callout>
    );
  }
  return (
    <>
      <Card id="anomalies" title="Unusual" flush>
        {found.data ? <AnomalyList anomalies={found.data.anomalies} /> : <ListSkeleton label="Looking" />}
      </Card>
      <Card id="rules" title="What counts as unusual" flush>
        {found.data ? (
          <div className="divide-y divide-line">
            {found.data.rules.map((rule) => (
              <RuleForm
                key={`${rule.rule} ${rule.mode} ${rule.bound} ${rule.resources.join()}`}
                rule={rule}
                canSetUp={canSetUp}
              />
            ))}
          </div>
        ) : (
          <ListSkeleton label="Loading the rules" />
        )}
      </Card>
    </>
  );
}
