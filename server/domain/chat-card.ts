import type { Status } from './status';
import type { Level } from './vocabulary';

/** What a click on "Reject…" and the window that asks why are called; the front knows them again by it. */
export const CHAT_REJECT = 'holdpoint_reject';
export const CHAT_WHY = 'holdpoint_why';

/** What a chat shows of an action: never any of its data (what a channel's readers may not see stays in Holdpoint). */
export type ChatCard = {
  headline: string;
  sentence: string;
  facts: string[];
  deadline: Date | null;
  link: string;
  /** What a rejection from the chat is bound to; null where there is nothing to decide. */
  decides: { actionId: string; digest: string; footprintDigest: string } | null;
};

export type ChatFacts = {
  actionId: string;
  status: Status;
  sentence: string;
  level: Level;
  agent: string;
  tool: string;
  digest: string;
  footprintDigest: string | null;
  approvals: number;
  needed: number;
  round: number;
  expiresAt: Date | null;
};

const HEADLINES: Readonly<Record<Status, string>> = {
  submitted: 'Planned',
  measuring: 'Being measured',
  held: 'Held for a decision',
  released: 'Approved',
  executing: 'Approved, running now',
  succeeded: 'Done',
  failed: 'Approved, and failed',
  unknown_outcome: 'Approved; nobody knows whether it happened',
  rejected: 'Rejected',
  denied: 'Denied by policy',
  expired: 'Expired: nobody decided in time',
  cancelled: 'Withdrawn by the agent',
  sent_back: 'Sent back to the agent',
  revoked: 'Stopped by a halt',
};

/** An action as it is now, in the words of a chat. */
export function chatCard(of: ChatFacts, link: string): ChatCard {
  const isHeld = of.status === 'held';
  const { actionId, digest, footprintDigest } = of;
  return {
    headline: isHeld && of.round > 1 ? 'Held again: it is no longer what was approved' : HEADLINES[of.status],
    sentence: of.sentence,
    facts: [
      `Level ${of.level}`,
      of.agent,
      of.tool,
      ...(isHeld && of.needed > 1 ? [`${of.approvals} of ${of.needed} approvals`] : []),
    ],
    deadline: isHeld ? of.expiresAt : null,
    link,
    decides: isHeld && footprintDigest !== null ? { actionId, digest, footprintDigest } : null,
  };
}
