import { drillInput, findDrill, listDrills, startDrill, startDrillInput } from '@/server/operations/drills';
import { reviewerProcedure, roleProcedure, router } from '../init';

/** Rehearsed mistakes and attacks, and what reviewers made of them. */
export const drillRouter = router({
  list: roleProcedure('owner', 'security_lead').query(({ ctx }) => ctx.read(listDrills)),
  start: roleProcedure('owner', 'security_lead')
    .input(startDrillInput)
    .mutation(({ ctx, input }) => ctx.call(startDrill, input)),
  /** Null unless it is a drill and this person may know. */
  of: reviewerProcedure.input(drillInput).query(({ ctx, input }) => ctx.read(findDrill, input)),
});
