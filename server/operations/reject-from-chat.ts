import { z } from 'zod';
import { type Outcome, refuse } from '@/server/domain/refusal';
import type { ReviewerScope } from '@/server/domain/scopes';
import { type Decided, decideAction, decideInput } from './decide-action';
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
  // The same bounds as in the browser: what a chat sends was never looked at by the API's own schemas.
  const input = decideInput.safeParse({ ...decision, decision: 'reject', ...(note === '' ? {} : { note }) });
  if (!input.success) return refuse('input_invalid', z.prettifyError(input.error));
  return decideAction(deps, person, { ...input.data, via: 'slack' });
}
