'use client';
import { FileUp, PencilLine } from 'lucide-react';
import { parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs';
import { hasRole, useMe } from '@/components/api/me';
import { DocumentDialog } from '@/components/apply/document-dialog';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { Input } from '@/components/ui/input';
import { PageHeader } from '@/components/ui/page-header';
import { TabPanel, Tabs } from '@/components/ui/tabs';
import { DirectoryGroups } from './directory-groups';
import { DirectoryPeople } from './directory-people';
import { Freshness } from './freshness';
import { ImportDialog } from './import-dialog';
import { OutsideList } from './outside-list';
import { ScimCard } from './scim-card';

const VIEWS = ['people', 'groups', 'channels', 'guests', 'outside'] as const;
type View = (typeof VIEWS)[number];
const LABELS: Record<View, string> = {
  people: 'People',
  groups: 'Groups',
  channels: 'Channels',
  guests: 'Guests',
  outside: 'Outside addresses',
};

const EXAMPLE = `apiVersion: holdpoint/v1
directory:
  domains: [example.com]
people:
  - { email: ana@example.com, aliases: ["@ana"], manager: lee@example.com }
groups:
  # members replaces the whole list of that group
  - name: payroll
    kind: channel
    aliases: ["#payroll", payroll@example.com]
    open: false
    members: [ana@example.com, { group: finance }, { address: auditor@outside.example }]
`;

function Actions() {
  return (
    <>
      <DocumentDialog
        title="Edit the directory as a document"
        description="Name what should be different; Holdpoint shows what would change before anything does."
        example={EXAMPLE}
        trigger={
          <Button>
            <PencilLine /> Edit as a document
          </Button>
        }
      />
      <ImportDialog
        trigger={
          <Button variant="primary">
            <FileUp /> Import a file
          </Button>
        }
      />
    </>
  );
}

function Shown({ view, q }: { view: View; q: string }) {
  switch (view) {
    case 'people':
      return <DirectoryPeople kind="member" q={q} />;
    case 'guests':
      return <DirectoryPeople kind="guest" q={q} />;
    case 'groups':
      return <DirectoryGroups kind="group" q={q} />;
    case 'channels':
      return <DirectoryGroups kind="channel" q={q} />;
    case 'outside':
      return <OutsideList q={q} />;
  }
}

/** Who is who: what recipients are resolved with, who keeps it up to date, and how old it is. */
export function DirectoryView() {
  const canSetUp = hasRole(useMe(), 'owner', 'security_lead');
  const [{ view, q }, setState] = useQueryStates({
    view: parseAsStringLiteral(VIEWS).withDefault('people'),
    q: parseAsString.withDefault(''),
  });
  return (
    <div className="mx-auto w-full max-w-[64rem]">
      <PageHeader
        title="Directory"
        description="Who would come to know: people, groups, channels and who is behind them."
        action={canSetUp ? <Actions /> : null}
      />
      <div className="space-y-5">
        <Freshness />
        <Card flush>
          <Tabs
            label="Directory"
            value={view}
            onValueChange={(next) => void setState({ view: next as View, q: null })}
            tabs={VIEWS.map((value) => ({ value, label: LABELS[value] }))}
            listClassName="px-4 sm:px-5"
          >
            <TabPanel value={view}>
              <div className="border-line border-b px-4 py-3 sm:px-5">
                <Input
                  type="search"
                  aria-label={`Find ${LABELS[view].toLowerCase()}`}
                  placeholder="Name, address or group"
                  value={q}
                  onChange={(event) => void setState({ q: event.target.value || null })}
                  className="sm:max-w-72"
                />
              </div>
              <Shown view={view} q={q} />
            </TabPanel>
          </Tabs>
        </Card>
        {canSetUp ? <ScimCard /> : null}
      </div>
    </div>
  );
}
