'use client';
import { useQuery } from '@tanstack/react-query';
import { Fingerprint } from 'lucide-react';
import { useTRPC } from '@/components/api/trpc';
import { Card } from '@/components/ui/card';
import { RelativeTime } from '@/components/ui/relative-time';
import { AddPasskey } from './add-passkey';
import { RemovePasskey } from './remove-passkey';

/** What one proves one's presence with, where a hold asks for that. */
export function PasskeysCard() {
  const passkeys = useQuery(useTRPC().me.passkeys.queryOptions());
  const list = passkeys.data ?? [];
  return (
    <Card id="passkeys" title="Passkeys">
      <div className="flex flex-col gap-4">
        <p className="max-w-xl text-base text-soft">
          Some holds ask for more than an open session: each approval is signed by a passkey, for exactly what
          is approved. Register one before you need it. If you lose it, remove it and register another with
          your password.
        </p>
        {list.length > 0 ? (
          <ul className="divide-y divide-line border-line border-y">
            {list.map((passkey) => (
              <li key={passkey.passkeyId} className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3">
                <Fingerprint aria-hidden className="size-4.5 shrink-0 text-faint" />
                <span className="min-w-0 flex-1">
                  <span className="block font-medium [overflow-wrap:anywhere]">{passkey.name}</span>
                  <span className="block text-faint text-sm">
                    added <RelativeTime at={passkey.createdAt} focusable />
                    {passkey.lastUsedAt ? (
                      <>
                        , used <RelativeTime at={passkey.lastUsedAt} focusable />
                      </>
                    ) : (
                      ', not used yet'
                    )}
                  </span>
                </span>
                <RemovePasskey passkey={passkey} />
              </li>
            ))}
          </ul>
        ) : null}
        <div>
          <AddPasskey />
        </div>
      </div>
    </Card>
  );
}
