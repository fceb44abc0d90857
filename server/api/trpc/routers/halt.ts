import {
  anomalyRuleInput,
  closeAnomaly,
  closeAnomalyInput,
  listAnomalies,
  saveAnomalyRule,
} from '@/server/operations/anomalies';
import { engageHalt, engageHaltInput } from '@/server/operations/engage-halt';
import { liftHalt, liftHaltInput, listHalts } from '@/server/operations/lift-halt';
import { reviewerProcedure, roleProcedure, router } from '../init';

/** Stopping is for everybody who decides; letting go again is for those who answer for the workspace. */
export const haltRouter = router({
  anomalies: reviewerProcedure.query(({ ctx }) => ctx.call(listAnomalies)),
  closeAnomaly: roleProcedure('owner', 'security_lead', 'reviewer')
    .input(closeAnomalyInput)
    .mutation(({ ctx, input }) => ctx.call(closeAnomaly, input)),
  saveAnomalyRule: roleProcedure('owner', 'security_lead')
    .input(anomalyRuleInput)
    .mutation(({ ctx, input }) => ctx.call(saveAnomalyRule, input)),
  list: reviewerProcedure.query(({ ctx }) => ctx.call(listHalts)),
  engage: roleProcedure('owner', 'security_lead', 'reviewer')
    .input(engageHaltInput)
    .mutation(({ ctx, input }) => ctx.call(engageHalt, input)),
  lift: roleProcedure('owner', 'security_lead')
    .input(liftHaltInput)
    .mutation(({ ctx, input }) => ctx.call(liftHalt, input)),
});
