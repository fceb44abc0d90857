'use client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { KeyRound } from 'lucide-react';
import { errorWords } from '@/components/api/error-words';
import { useTRPC } from '@/components/api/trpc';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { Card } from '@/components/ui/card';
import { CopyButton } from '@/components/ui/copy-button';
import { RelativeTime } from '@/components/ui/relative-time';
import type { ScimTokenView } from '@/server/domain/directory-views';
import { NewTokenDialog } from './new-token-dialog';

function Token({ token, onRevoke, busy }: { token: ScimTokenView; onRevoke: () => void; busy: boolean }) {
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 px-4 py-3 sm:px-5">
      <div className="min-w-0 flex-1 basis-60 [overflow-wrap:anywhere]">
        <p className="flex flex-wrap items-center gap-2 font-medium text-base">
          {token.label} {token.state === 'live' ? null : <Badge>{token.state}</Badge>}
        </p>
        <p className="text-soft text-sm">
          <code>{token.prefix}…</code> made by {token.createdBy}; last used{' '}
          {token.lastUsedAt === null ? 'never' : <RelativeTime at={token.lastUsedAt} focusable />}; ends{' '}
          <RelativeTime at={token.expiresAt} focusable />
        </p>
      </div>
      {token.state === 'live' ? (
        <Button
          size="sm"
          variant="danger"
          busy={busy}
          onClick={onRevoke}
          aria-label={`Revoke ${token.label}`}
        >
          Revoke
        </Button>
      ) : null}
    </li>
  );
}

/** How an identity provider is connected: the address to paste, and its tokens. For administrators. */
export function ScimCard() {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const { data } = useQuery(trpc.directory.tokens.queryOptions());
  const revoke = useMutation(
    trpc.directory.revokeToken.mutationOptions({
      onSuccess: () => void queries.invalidateQueries({ queryKey: trpc.directory.pathKey() }),
    }),
  );
  return (
    <Card
      id="scim"
      title="Identity provider (SCIM 2.0)"
      flush
      aside={
        <NewTokenDialog
          trigger={
            <Button size="sm">
              <KeyRound /> New token
            </Button>
          }
        />
      }
    >
      <div className="space-y-3 px-4 py-4 sm:px-5">
        <p className="text-base text-soft">
          Entra ID, Okta and others keep people and groups up to date through this address. They never give a
          role or a clearance.
        </p>
        <p className="flex items-center gap-2 rounded-md border border-line bg-sunken py-1.5 pr-2 pl-3">
          <code className="min-w-0 flex-1 break-all text-sm">{data?.endpoint ?? '…'}</code>
          {data ? <CopyButton value={data.endpoint} label="Copy the address" className="size-8" /> : null}
        </p>
        {revoke.error ? (
          <Callout tone="danger" role="alert">
            {errorWords(revoke.error)}
          </Callout>
        ) : null}
      </div>
      {data && data.tokens.length > 0 ? (
        <ul className="divide-y divide-line border-line border-t">
          {data.tokens.map((token) => (
            <Token
              key={token.tokenId}
              token={token}
              busy={revoke.isPending && revoke.variables.tokenId === token.tokenId}
              onRevoke={() => revoke.mutate({ tokenId: token.tokenId })}
            />
          ))}
        </ul>
      ) : null}
    </Card>
  );
}
