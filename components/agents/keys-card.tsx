'use client';
import { KeyRound, Plus } from 'lucide-react';
import { ReasonDialog } from '@/components/apply/reason-dialog';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { EmptyState } from '@/components/ui/empty-state';
import { RelativeTime } from '@/components/ui/relative-time';
import type { AgentView, KeyView } from '@/server/domain/catalog-views';
import { NewKeyDialog } from './new-key-dialog';
import { RotateKeyDialog } from './rotate-key-dialog';
import { asAction, useKeyActions } from './use-key-actions';

function KeyTimes({ entry }: { entry: KeyView }) {
  return (
    <p className="text-faint text-sm">
      created <RelativeTime at={entry.createdAt} focusable />
      {' · '}
      {entry.lastUsedAt ? (
        <>
          used <RelativeTime at={entry.lastUsedAt} focusable />
        </>
      ) : (
        'never used'
      )}
      {entry.revokedAt ? (
        <>
          {' · revoked '}
          <RelativeTime at={entry.revokedAt} focusable />
        </>
      ) : entry.expiresAt ? (
        <>
          {entry.state === 'expired' ? ' · expired ' : ' · expires '}
          <RelativeTime at={entry.expiresAt} focusable />
        </>
      ) : (
        ' · never expires'
      )}
    </p>
  );
}

function KeyRow({ agent, entry, canSetUp }: { agent: AgentView; entry: KeyView; canSetUp: boolean }) {
  const revoke = asAction(useKeyActions().revoke);
  const isLive = entry.state === 'live';
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3 sm:px-5">
      <div className="min-w-0 flex-1 basis-60">
        <p className="flex flex-wrap items-center gap-2">
          <span className="font-medium text-base">{entry.label || 'Key'}</span>
          <Badge tone={isLive ? 'good' : 'neutral'}>{isLive ? 'works' : entry.state}</Badge>
        </p>
        <p className="mt-0.5 truncate">
          <code className={isLive ? 'text-soft text-sm' : 'text-faint text-sm line-through'}>
            {entry.prefix}…
          </code>
        </p>
        <KeyTimes entry={entry} />
      </div>
      {canSetUp && isLive ? (
        <div className="flex gap-2">
          <RotateKeyDialog
            agent={agent.name}
            keyId={entry.keyId}
            trigger={<Button size="sm">Replace…</Button>}
          />
          <ReasonDialog
            trigger={
              <Button size="sm" variant="outline-danger">
                Revoke…
              </Button>
            }
            title="Revoke this key"
            description={`Nothing more is accepted with ${entry.prefix}…, from this moment and for good.`}
            confirm="Revoke the key"
            placeholder="It was committed to a repository"
            busy={revoke.busy}
            error={revoke.error}
            onConfirm={(reason) => revoke.run({ keyId: entry.keyId, reason })}
          />
        </div>
      ) : null}
    </li>
  );
}

/** The keys an agent proves itself with: everything but the keys themselves. */
export function KeysCard({ agent, canSetUp }: { agent: AgentView; canSetUp: boolean }) {
  const add = canSetUp ? (
    <NewKeyDialog
      agent={agent}
      trigger={
        <Button size="sm">
          <Plus /> New key
        </Button>
      }
    />
  ) : null;
  return (
    <Card id="keys" title="Keys" flush aside={add}>
      {agent.keys.length === 0 ? (
        <EmptyState icon={<KeyRound />} title="No key" className="py-10">
          Without one {agent.name} cannot reach Holdpoint.
        </EmptyState>
      ) : (
        <ul className="divide-y divide-line">
          {agent.keys.map((entry) => (
            <KeyRow key={entry.keyId} agent={agent} entry={entry} canSetUp={canSetUp} />
          ))}
        </ul>
      )}
    </Card>
  );
}
