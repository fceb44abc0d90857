import { actionInput } from '@/server/operations/claim-release';
import { decideAction, decideInput } from '@/server/operations/decide-action';
import { decideIdentical, decideIdenticalInput, findIdentical } from '@/server/operations/decide-identical';
import { editAction, editActionInput } from '@/server/operations/edit-action';
import { getAction } from '@/server/operations/get-action';
import { countInbox, listActions, listActionsInput } from '@/server/operations/list-actions';
import { listRows, listRowsInput } from '@/server/operations/list-rows';
import { openReviewLink, openReviewLinkInput } from '@/server/operations/open-review-link';
import { planUndo } from '@/server/operations/plan-undo';
import { askPresence, askPresenceInput } from '@/server/operations/prove-presence';
import { revealData, revealInput } from '@/server/operations/reveal-data';
import { reviewerProcedure, router } from '../init';

/** What reviewers see and say. Who may decide is the operation's business: it depends on the action. */
export const reviewRouter = router({
  list: reviewerProcedure.input(listActionsInput).query(({ ctx, input }) => ctx.call(listActions, input)),
  counts: reviewerProcedure.query(({ ctx }) => ctx.call(countInbox)),
  get: reviewerProcedure.input(actionInput).query(({ ctx, input }) => ctx.call(getAction, input)),
  openLink: reviewerProcedure
    .input(openReviewLinkInput)
    .query(({ ctx, input }) => ctx.call(openReviewLink, input)),
  rows: reviewerProcedure.input(listRowsInput).query(({ ctx, input }) => ctx.call(listRows, input)),
  reveal: reviewerProcedure.input(revealInput).mutation(({ ctx, input }) => ctx.call(revealData, input)),
  planUndo: reviewerProcedure.input(actionInput).mutation(({ ctx, input }) => ctx.call(planUndo, input)),
  /** Asks one's passkey for a decision; its answer is `presence` of `decide`. */
  askPresence: reviewerProcedure
    .input(askPresenceInput)
    .mutation(({ ctx, input }) => ctx.call(askPresence, input)),
  edit: reviewerProcedure.input(editActionInput).mutation(({ ctx, input }) => ctx.call(editAction, input)),
  /** Low holds that are the same in everything, and may be decided with this one. */
  identical: reviewerProcedure.input(actionInput).query(({ ctx, input }) => ctx.read(findIdentical, input)),
  decideIdentical: reviewerProcedure
    .input(decideIdenticalInput)
    .mutation(({ ctx, input }) => ctx.call(decideIdentical, input)),
  decide: reviewerProcedure.input(decideInput).mutation(async ({ ctx, input }) => {
    await ctx.call(decideAction, input);
    return ctx.call(getAction, { actionId: input.actionId });
  }),
});
