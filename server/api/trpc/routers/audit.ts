import { listAudit, listAuditInput } from '@/server/operations/list-audit';
import { reviewerProcedure, router } from '../init';

export const auditRouter = router({
  list: reviewerProcedure.input(listAuditInput).query(({ ctx, input }) => ctx.call(listAudit, input)),
});
