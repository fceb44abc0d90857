import { z } from 'zod';
import { hashLinkToken, LINK_TOKEN } from '@/server/domain/link-token';
import { accept, type Outcome, refuse } from '@/server/domain/refusal';
import type { ReviewerScope } from '@/server/domain/scopes';
import { findReviewLink } from '@/server/store/review-links';
import type { Deps } from './deps';

export const openReviewLinkInput = z.strictObject({ code: z.string().max(200) });

export type OpenedLink = {
  actionId: string;
  /** Whom it was sent to, when that is somebody else. */
  sentTo: string | null;
  /** `open` while the action waits; `ended` once it does not, `expired` after the link's own end. */
  state: 'open' | 'ended' | 'expired';
};

/**
 * Where a link leads. It gives no right: who follows it is signed in as themselves, and sees and decides what they may anyway. Looking changes
 * nothing, since previews and scanners look too (P8).
 */
export async function openReviewLink(
  deps: Pick<Deps, 'db'>,
  person: ReviewerScope,
  input: z.infer<typeof openReviewLinkInput>,
): Promise<Outcome<OpenedLink>> {
  const link = LINK_TOKEN.test(input.code)
    ? await findReviewLink(deps.db, person.workspaceId, hashLinkToken(input.code))
    : null;
  if (link === null) {
    return refuse(
      'action_unknown',
      'This link leads to nothing in your workspace. Check that all of it was copied, or look in the inbox.',
    );
  }
  return accept({
    actionId: link.actionId,
    sentTo: link.personId === null || link.personId === person.personId ? null : link.intended,
    state: link.status !== 'held' ? 'ended' : link.isPast ? 'expired' : 'open',
  });
}
