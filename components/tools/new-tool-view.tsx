'use client';
import { useRouter } from 'next/navigation';
import { hasRole, useMe } from '@/components/api/me';
import { Callout } from '@/components/ui/callout';
import { PageHeader } from '@/components/ui/page-header';
import { ToolEditor } from './tool-editor';
import type { ToolEntry } from './tool-entry';

const EXAMPLE: ToolEntry = {
  name: 'send_email',
  description: 'Sends an e-mail in the name of the company.',
  execution: 'agent',
  inputSchema: {
    type: 'object',
    required: ['recipients', 'body'],
    properties: {
      recipients: { type: 'array', items: { type: 'string', format: 'email' }, maxItems: 200 },
      body: { type: 'string', maxLength: 20_000 },
    },
    additionalProperties: false,
  },
  effects: [{ effect: 'send', audience: '$.recipients[*]', content: '$.body', reversible: false }],
};

/** A tool described from nothing, beginning with an example to change. */
export function NewToolView() {
  const router = useRouter();
  const canSetUp = hasRole(useMe(), 'owner', 'security_lead');
  return (
    <div className="mx-auto w-full max-w-[84rem]">
      <PageHeader
        title="New tool"
        description="Give its name and arguments under “Whole definition”, and say what it does under “Effects”."
      />
      {canSetUp ? (
        <ToolEditor
          initial={EXAMPLE}
          before={null}
          basedOn={null}
          samples={[]}
          onDone={(name) => router.push(`/tools/${encodeURIComponent(name)}`)}
          onCancel={() => router.push('/tools')}
        />
      ) : (
        <Callout tone="neutral">Owners and security leads can add tools. Ask one of them.</Callout>
      )}
    </div>
  );
}
