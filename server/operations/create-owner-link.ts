import { hashLinkToken, newLinkToken } from '@/server/domain/link-token';
import { accept, type Outcome, refuse } from '@/server/domain/refusal';
import { inTransaction } from '@/server/store/database';
import { insertSetupLink, lockInstallation, withdrawSetupLinks } from '@/server/store/setup-links';
import type { Deps } from './deps';

const OWNER_LINK_SECONDS = 24 * 3600;

/**
 * A link by which the first owner sets up a new installation: good for 24 hours, once, and only while nobody owns it. Making one withdraws
 * the one before. The token is in the answer and nowhere else.
 */
export async function createOwnerLink(
  deps: Pick<Deps, 'db' | 'url'>,
): Promise<Outcome<{ url: string; expiresAt: string }>> {
  const token = newLinkToken();
  return inTransaction(deps.db, async (tx) => {
    await lockInstallation(tx);
    if ((await tx.workspace.count()) > 0) {
      return refuse(
        'conflict',
        'This installation has a workspace already. Sign in, or ask its owner to invite you.',
      );
    }
    await withdrawSetupLinks(tx, { purpose: 'owner' });
    const expiresAt = await insertSetupLink(tx, {
      tokenHash: hashLinkToken(token),
      purpose: 'owner',
      workspaceId: null,
      personId: null,
      lifeSeconds: OWNER_LINK_SECONDS,
    });
    return accept({ url: `${deps.url}/setup/${token}`, expiresAt: expiresAt.toISOString() });
  });
}
