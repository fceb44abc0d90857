import { z } from 'zod';
import { accept, type Outcome, refuse } from '@/server/domain/refusal';
import type { ReviewerScope } from '@/server/domain/scopes';
import { append } from '@/server/store/audit';
import { inTransaction } from '@/server/store/database';
import { wake } from '@/server/store/outbox';
import { revokeScimTokenAt } from '@/server/store/scim-tokens';
import { personActor, refuseUnlessAdministrator } from './administrators';
import type { Deps } from './deps';

export const revokeScimTokenInput = z.strictObject({ tokenId: z.string().min(1).max(100) });

/** Ends a token at once: the provider's next request is refused. Twice is fine. */
export async function revokeScimToken(
  deps: Pick<Deps, 'db' | 'clock'>,
  person: ReviewerScope,
  input: z.infer<typeof revokeScimTokenInput>,
): Promise<Outcome<{ tokenId: string }>> {
  const refused = refuseUnlessAdministrator(person);
  if (refused !== null) return refused;
  const { workspaceId } = person;
  return inTransaction<Outcome<{ tokenId: string }>>(deps.db, async (tx) => {
    const known = await tx.scimToken.findFirst({ where: { id: input.tokenId, workspaceId } });
    if (known === null) return refuse('key_unknown', 'There is no such token in this workspace.');
    const token = await revokeScimTokenAt(tx, workspaceId, input.tokenId, deps.clock.now());
    if (token !== null) {
      await append(tx, {
        workspaceId,
        kind: 'scim_token.revoked',
        actor: personActor(person),
        data: { name: token.label, tokenId: token.id, prefix: token.prefix },
      });
      await wake(tx, workspaceId, { config: true });
    }
    return accept({ tokenId: input.tokenId });
  });
}
