import { getHome } from '@/server/operations/get-home';
import { roleProcedure, router } from '../init';

/** For whoever answers for the workspace. */
export const homeRouter = router({
  get: roleProcedure('owner', 'security_lead', 'auditor').query(({ ctx }) => ctx.call(getHome)),
});
