import { z } from 'zod';
import { accept, type Outcome } from '@/server/domain/refusal';
import type { ReviewerScope } from '@/server/domain/scopes';
import { type Decided, decideAction } from './decide-action';
import type { Deps } from './deps';

/** What a button of a chat was made for. */
export const chatDecision = z.strictObject({
  actionId: z.string().min(1).max(100),
  digest: z.string().min(1).max(200),
  footprintDigest: z.string().min(1).max(200),
});
export type ChatDecision = z.infer<typeof chatDecision>;

/**
 * Rejects exactly what the message showed, by the same rules as in the browser. There is no approving from a chat: whoever releases something
 * has looked at the data, and that is only in Holdpoint.
 */
export async function rejectFromChat(
  deps: Deps,
  person: ReviewerScope,
  decision: ChatDecision,
  note: string,
): Promise<Outcome<Decided>> {
  const decided = await decideAction(deps, person, {
    ...decision,
    decision: 'reject',
    via: 'slack',
    ...(note === '' ? {} : { note }),
  });
  return decided.ok ? accept(decided.value) : decided;
}
