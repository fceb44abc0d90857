'use client';
import { Database, PencilLine, Plus, Wrench } from 'lucide-react';
import { errorWords } from '@/components/api/error-words';
import { hasRole, useMe } from '@/components/api/me';
import { DocumentDialog } from '@/components/apply/document-dialog';
import { ListSkeleton } from '@/components/apply/list-skeleton';
import { MoreButton } from '@/components/apply/more-button';
import { useCatalogPages } from '@/components/apply/use-catalog-pages';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { Card } from '@/components/ui/card';
import { EmptyState } from '@/components/ui/empty-state';
import { Link } from '@/components/ui/link';
import { PageHeader } from '@/components/ui/page-header';
import { ToolCard } from './tool-card';

const EXAMPLE = `apiVersion: holdpoint/v1
tools:
  - name: send_email
    description: Sends an e-mail in the name of the company.
    execution: agent
    inputSchema:
      type: object
      required: [recipients, body]
      properties:
        recipients: { type: array, items: { type: string, format: email }, maxItems: 200 }
        body: { type: string, maxLength: 20000 }
      additionalProperties: false
    effects:
      # effect: read, write, delete, send, share, pay, invite, grant or execute
      - { effect: send, audience: "$.recipients[*]", content: "$.body", reversible: false }
`;

/** Everything agents can do here, and the way to add something. */
export function ToolsView() {
  const canSetUp = hasRole(useMe(), 'owner', 'security_lead');
  const list = useCatalogPages('tools');
  const tools = list.items ?? [];
  const add = canSetUp ? (
    <DocumentDialog
      title="Add or change a tool"
      description="Describe its arguments and what it does; Holdpoint shows what would change before anything does."
      example={EXAMPLE}
      trigger={
        <Button variant="primary">
          <Plus /> Add a tool
        </Button>
      }
    />
  ) : null;
  return (
    <div className="mx-auto w-full max-w-[64rem]">
      <PageHeader
        title="Tools"
        description="What agents can plan, with what it was declared to do. A tool whose definition changes is looked at again."
        action={
          <>
            <Button asChild>
              <Link href="/targets">
                <Database /> Targets
              </Link>
            </Button>
            {canSetUp ? (
              <>
                <Button asChild>
                  <Link href="/tools/import">From a server</Link>
                </Button>
                <Button asChild>
                  <Link href="/tools/new">
                    <PencilLine /> New tool
                  </Link>
                </Button>
              </>
            ) : null}
            {tools.length > 0 ? add : null}
          </>
        }
      />
      {list.error ? (
        <Callout tone="danger" role="alert" action={<Button onClick={list.onRetry}>Try again</Button>}>
          {errorWords(list.error)}
        </Callout>
      ) : (
        <Card flush>
          {list.items === null ? (
            <ListSkeleton label="Loading tools" />
          ) : tools.length === 0 ? (
            <EmptyState icon={<Wrench />} title="No tool yet" action={add}>
              Register a database and its SQL tool comes with it, or describe a tool your agents already have.
            </EmptyState>
          ) : (
            <ul className="divide-y divide-line">
              {tools.map((tool) => (
                <ToolCard key={tool.toolId} tool={tool} />
              ))}
            </ul>
          )}
          <MoreButton list={list} />
        </Card>
      )}
    </div>
  );
}
