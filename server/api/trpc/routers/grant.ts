import {
  listGrants,
  makeGrant,
  makeGrantInput,
  previewGrant,
  previewGrantInput,
  revokeGrant,
  revokeGrantInput,
} from '@/server/operations/make-grant';
import { reviewerProcedure, roleProcedure, router } from '../init';

const decidingProcedure = roleProcedure('owner', 'security_lead', 'reviewer');

/** Approvals given in advance. Everybody signed in sees them; whoever decides makes them from what they approved, and takes any of them back. */
export const grantRouter = router({
  list: reviewerProcedure.query(({ ctx }) => ctx.call(listGrants)),
  preview: decidingProcedure
    .input(previewGrantInput)
    .query(({ ctx, input }) => ctx.call(previewGrant, input)),
  make: decidingProcedure.input(makeGrantInput).mutation(({ ctx, input }) => ctx.call(makeGrant, input)),
  revoke: decidingProcedure
    .input(revokeGrantInput)
    .mutation(({ ctx, input }) => ctx.call(revokeGrant, input)),
});
