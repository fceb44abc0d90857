import {
  backtestInput,
  changesInput,
  getBacktest,
  listBacktestChanges,
  startBacktest,
  stopBacktest,
} from '@/server/operations/backtest-draft';
import {
  beginDraft,
  closeDraft,
  draftInput,
  newDraftInput,
  saveDraft,
  saveDraftInput,
} from '@/server/operations/edit-draft';
import {
  proposeInput,
  proposePolicy,
  restoreInput,
  restoreVersion,
} from '@/server/operations/propose-policy';
import {
  checkInput,
  checkPolicy,
  getDraft,
  getPolicy,
  getPolicyLanguage,
  getVersion,
  reportDraft,
  versionInput,
} from '@/server/operations/read-policy';
import { reviewerProcedure, roleProcedure, router } from '../init';

const leadProcedure = roleProcedure('owner', 'security_lead');

/** Policy: what is in force is for everybody who is judged by it; writing it is for those who answer for the workspace. */
export const policyRouter = router({
  get: reviewerProcedure.query(({ ctx }) => ctx.call(getPolicy)),
  version: reviewerProcedure.input(versionInput).query(({ ctx, input }) => ctx.call(getVersion, input)),
  language: leadProcedure.query(({ ctx }) => ctx.call(getPolicyLanguage)),
  draft: leadProcedure.input(draftInput).query(({ ctx, input }) => ctx.call(getDraft, input)),
  beginDraft: leadProcedure.input(newDraftInput).mutation(({ ctx, input }) => ctx.call(beginDraft, input)),
  saveDraft: leadProcedure.input(saveDraftInput).mutation(({ ctx, input }) => ctx.call(saveDraft, input)),
  closeDraft: leadProcedure.input(draftInput).mutation(({ ctx, input }) => ctx.call(closeDraft, input)),
  check: leadProcedure.input(checkInput).mutation(({ ctx, input }) => ctx.call(checkPolicy, input)),
  report: leadProcedure.input(draftInput).mutation(({ ctx, input }) => ctx.call(reportDraft, input)),
  backtest: leadProcedure.input(draftInput).query(({ ctx, input }) => ctx.call(getBacktest, input)),
  startBacktest: leadProcedure.input(draftInput).mutation(({ ctx, input }) => ctx.call(startBacktest, input)),
  stopBacktest: leadProcedure
    .input(backtestInput)
    .mutation(({ ctx, input }) => ctx.call(stopBacktest, input)),
  backtestChanges: leadProcedure
    .input(changesInput)
    .query(({ ctx, input }) => ctx.call(listBacktestChanges, input)),
  propose: leadProcedure.input(proposeInput).mutation(({ ctx, input }) => ctx.call(proposePolicy, input)),
  restore: leadProcedure.input(restoreInput).mutation(({ ctx, input }) => ctx.call(restoreVersion, input)),
});
