import { hashLinkToken, newLinkToken } from '@/server/domain/link-token';
import { insertReviewLink } from '@/server/store/review-links';
import type { Deps } from './deps';

/** A new address for one action, meant for one person or (null) for whoever reads a channel. Only its hash is kept. */
export async function makeReviewLink(
  deps: Pick<Deps, 'db' | 'url'>,
  of: { workspaceId: string; actionId: string; personId: string | null; expiresAt: Date | null },
): Promise<string> {
  const code = newLinkToken();
  await insertReviewLink(deps.db, { ...of, codeHash: hashLinkToken(code) });
  return `${deps.url}/r/${code}`;
}
