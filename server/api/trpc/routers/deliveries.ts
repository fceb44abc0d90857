import { listDeliveries, retryDelivery, retryDeliveryInput } from '@/server/operations/list-deliveries';
import { roleProcedure, router } from '../init';

/** Messages to people and channels, for those who answer for the workspace. */
export const deliveriesRouter = router({
  list: roleProcedure('owner', 'security_lead', 'auditor').query(({ ctx }) => ctx.call(listDeliveries)),
  retry: roleProcedure('owner', 'security_lead')
    .input(retryDeliveryInput)
    .mutation(({ ctx, input }) => ctx.call(retryDelivery, input)),
});
