'use client';
import { Search, UserPlus } from 'lucide-react';
import { parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs';
import { errorWords } from '@/components/api/error-words';
import { hasRole, useMe } from '@/components/api/me';
import { ListSkeleton } from '@/components/apply/list-skeleton';
import { MoreButton } from '@/components/apply/more-button';
import { useCatalogPages } from '@/components/apply/use-catalog-pages';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { Card } from '@/components/ui/card';
import { EmptyState } from '@/components/ui/empty-state';
import { Input } from '@/components/ui/input';
import { PageHeader } from '@/components/ui/page-header';
import { TabPanel, Tabs } from '@/components/ui/tabs';
import { GroupsList } from './groups-list';
import { InviteDialog } from './invite-dialog';
import { PersonRow } from './person-row';

const VIEWS = ['people', 'groups'] as const;

function PeopleList({ q, canSetUp }: { q: string; canSetUp: boolean }) {
  const me = useMe();
  const list = useCatalogPages('people', q);
  const people = list.items ?? [];
  if (list.error) {
    return (
      <Callout tone="danger" role="alert" className="m-4">
        {errorWords(list.error)}
      </Callout>
    );
  }
  if (list.items === null) return <ListSkeleton label="Loading people" />;
  if (people.length === 0) {
    return (
      <EmptyState icon={<Search />} title="Nobody fits">
        No name or address here contains “{q}”.
      </EmptyState>
    );
  }
  return (
    <>
      <ul className="divide-y divide-line">
        {people.map((person) => (
          <PersonRow
            key={person.personId}
            person={person}
            isYou={person.personId === me.personId}
            canSetUp={canSetUp}
          />
        ))}
      </ul>
      <MoreButton list={list} />
    </>
  );
}

/** Everybody the workspace knows: who decides, who may see what, who is in which group. */
export function PeopleView() {
  const canSetUp = hasRole(useMe(), 'owner', 'security_lead');
  const [{ view, q }, setState] = useQueryStates({
    view: parseAsStringLiteral(VIEWS).withDefault('people'),
    q: parseAsString.withDefault(''),
  });
  return (
    <div className="mx-auto w-full max-w-[64rem]">
      <PageHeader
        title="People"
        description="Who decides, who may see which data, and who answers for which agent."
        action={
          canSetUp ? (
            <InviteDialog
              trigger={
                <Button variant="primary">
                  <UserPlus /> Invite somebody
                </Button>
              }
            />
          ) : null
        }
      />
      <Card flush>
        <Tabs
          label="People and groups"
          value={view}
          onValueChange={(next) => void setState({ view: next as (typeof VIEWS)[number] })}
          tabs={[
            { value: 'people', label: 'People' },
            { value: 'groups', label: 'Groups' },
          ]}
          listClassName="px-4 sm:px-5"
        >
          <TabPanel value="people">
            <div className="border-line border-b px-4 py-3 sm:px-5">
              <Input
                type="search"
                aria-label="Find people"
                placeholder="Name or address"
                value={q}
                onChange={(event) => void setState({ q: event.target.value || null })}
                className="sm:max-w-72"
              />
            </div>
            <PeopleList q={q} canSetUp={canSetUp} />
          </TabPanel>
          <TabPanel value="groups">
            <GroupsList canSetUp={canSetUp} />
          </TabPanel>
        </Tabs>
      </Card>
    </div>
  );
}
