import { getRun, runInput } from '@/server/operations/get-run';
import { listRuns, listRunsInput } from '@/server/operations/list-runs';
import { reviewerProcedure, router } from '../init';

/** Runs, for everybody signed in. The steps of one are `review.list` with its `runId`. */
export const runRouter = router({
  list: reviewerProcedure.input(listRunsInput).query(({ ctx, input }) => ctx.call(listRuns, input)),
  get: reviewerProcedure.input(runInput).query(({ ctx, input }) => ctx.call(getRun, input)),
});
