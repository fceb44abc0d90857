'use client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Pencil, Plus, ScrollText, Trash2 } from 'lucide-react';
import { errorWords } from '@/components/api/error-words';
import { hasRole, useMe } from '@/components/api/me';
import { useTRPC } from '@/components/api/trpc';
import { ListSkeleton } from '@/components/apply/list-skeleton';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { EmptyState } from '@/components/ui/empty-state';
import { IconButton } from '@/components/ui/icon-button';
import { RelativeTime } from '@/components/ui/relative-time';
import { toast } from '@/components/ui/toaster';
import type { MandateTemplateView } from '@/server/domain/grant-views';
import { LimitsFacts } from './limits-facts';
import { TemplateDialog } from './template-dialog';

function Template({ template, canSetUp }: { template: MandateTemplateView; canSetUp: boolean }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const remove = useMutation(
    trpc.grant.removeTemplate.mutationOptions({
      onSuccess: () => {
        toast.success(`${template.name} is removed`, { description: 'Runs keep what they were granted.' });
        return queries.invalidateQueries();
      },
      onError: (error) => toast.error(errorWords(error)),
    }),
  );
  return (
    <li className="px-4 py-4 sm:px-5">
      <div className="flex items-start gap-3">
        <div className="min-w-0 flex-1">
          <p className="font-medium text-base">{template.name}</p>
          <p className="mt-0.5 text-faint text-sm">
            For {template.agents.length === 0 ? 'runs of any agent' : `runs of ${template.agents.join(', ')}`}
            , {template.hours} h each. {template.createdBy},{' '}
            <RelativeTime at={template.updatedAt} focusable />
          </p>
        </div>
        {canSetUp ? (
          <span className="flex gap-1">
            <TemplateDialog
              template={template}
              trigger={
                <IconButton label={`Change ${template.name}`}>
                  <Pencil />
                </IconButton>
              }
            />
            <IconButton
              label={`Remove ${template.name}`}
              disabled={remove.isPending}
              onClick={() => remove.mutate({ name: template.name })}
            >
              <Trash2 />
            </IconButton>
          </span>
        ) : null}
      </div>
      <div className="mt-3">
        <LimitsFacts limits={template.limits} />
      </div>
    </li>
  );
}

/** Mandates that runs get without a person. */
export function Templates() {
  const trpc = useTRPC();
  const canSetUp = hasRole(useMe(), 'owner', 'security_lead');
  const list = useQuery(trpc.grant.templates.queryOptions());
  if (list.error) {
    return (
      <Callout tone="danger" role="alert" className="m-4">
        {errorWords(list.error)}
      </Callout>
    );
  }
  if (!list.data) return <ListSkeleton label="Loading templates" />;
  const add = canSetUp ? (
    <TemplateDialog
      template={null}
      trigger={
        <Button variant="primary">
          <Plus /> New template
        </Button>
      }
    />
  ) : null;
  if (list.data.length === 0) {
    return (
      <EmptyState icon={<ScrollText />} title="No templates" action={add}>
        A run says what it is for and may ask for a mandate. One that asks for no more than a template gives
        is granted it at once; any other waits for a person, on the page of the run.
      </EmptyState>
    );
  }
  return (
    <>
      {add ? <div className="border-line border-b px-4 py-3 sm:px-5">{add}</div> : null}
      <ul className="divide-y divide-line">
        {list.data.map((template) => (
          <Template key={template.name} template={template} canSetUp={canSetUp} />
        ))}
      </ul>
    </>
  );
}
