'use client';
import { Plus, Users } from 'lucide-react';
import { errorWords } from '@/components/api/error-words';
import { DocumentDialog } from '@/components/apply/document-dialog';
import { ListSkeleton } from '@/components/apply/list-skeleton';
import { MoreButton } from '@/components/apply/more-button';
import { useCatalogPages } from '@/components/apply/use-catalog-pages';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { EmptyState } from '@/components/ui/empty-state';

const EXAMPLE = `apiVersion: holdpoint/v1
groups:
  # members replaces the whole list of that group
  - name: payroll-reviewers
    members: [ana@example.com, { group: finance }]
  - name: finance
    members: [lee@example.com]
`;

/** Groups with their direct members, groups among them. */
export function GroupsList({ canSetUp }: { canSetUp: boolean }) {
  const list = useCatalogPages('groups');
  const groups = list.items ?? [];
  const add = canSetUp ? (
    <DocumentDialog
      title="Add or change groups"
      description="Name each group with everybody in it; Holdpoint shows what would change before anything does."
      example={EXAMPLE}
      trigger={
        <Button size="sm">
          <Plus /> Add or change groups
        </Button>
      }
    />
  ) : null;
  if (list.error) {
    return (
      <Callout tone="danger" role="alert" className="m-4">
        {errorWords(list.error)}
      </Callout>
    );
  }
  if (list.items === null) return <ListSkeleton label="Loading groups" />;
  if (groups.length === 0) {
    return (
      <EmptyState icon={<Users />} title="No group yet" action={add}>
        A hold can ask for the people of a group. People are counted, never groups.
      </EmptyState>
    );
  }
  return (
    <>
      <ul className="divide-y divide-line">
        {groups.map((group) => (
          <li key={group.groupId} className="px-4 py-3.5 sm:px-5">
            <p className="font-medium text-base">{group.name}</p>
            <p className="text-base text-soft">
              {[
                ...group.groups.map((nested) => `everybody in ${nested.name}`),
                ...group.people.map((person) => person.name),
              ].join(', ') || 'Nobody yet.'}
            </p>
          </li>
        ))}
      </ul>
      <MoreButton list={list} />
      {add ? <div className="border-line border-t px-4 py-3 sm:px-5">{add}</div> : null}
    </>
  );
}
