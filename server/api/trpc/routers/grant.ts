import {
  endMandate,
  endMandateInput,
  grantMandate,
  grantMandateInput,
} from '@/server/operations/grant-mandate';
import {
  listGrants,
  makeGrant,
  makeGrantInput,
  previewGrant,
  previewGrantInput,
  revokeGrant,
  revokeGrantInput,
} from '@/server/operations/make-grant';
import {
  listTemplates,
  removeTemplate,
  removeTemplateInput,
  saveTemplate,
  templateInput,
} from '@/server/operations/mandate-templates';
import { reviewerProcedure, roleProcedure, router } from '../init';

const administratorProcedure = roleProcedure('owner', 'security_lead');
const decidingProcedure = roleProcedure('owner', 'security_lead', 'reviewer');

/** Approvals given in advance. Everybody signed in sees them; whoever decides makes them from what they approved, and takes any of them back. */
export const grantRouter = router({
  list: reviewerProcedure.query(({ ctx }) => ctx.call(listGrants)),
  preview: decidingProcedure
    .input(previewGrantInput)
    .query(({ ctx, input }) => ctx.call(previewGrant, input)),
  make: decidingProcedure.input(makeGrantInput).mutation(({ ctx, input }) => ctx.call(makeGrant, input)),
  templates: reviewerProcedure.query(({ ctx }) => ctx.call(listTemplates)),
  saveTemplate: administratorProcedure
    .input(templateInput)
    .mutation(({ ctx, input }) => ctx.call(saveTemplate, input)),
  removeTemplate: administratorProcedure
    .input(removeTemplateInput)
    .mutation(({ ctx, input }) => ctx.call(removeTemplate, input)),
  /** What a run may do. */
  mandate: decidingProcedure
    .input(grantMandateInput)
    .mutation(({ ctx, input }) => ctx.call(grantMandate, input)),
  endMandate: decidingProcedure
    .input(endMandateInput)
    .mutation(({ ctx, input }) => ctx.call(endMandate, input)),
  revoke: decidingProcedure
    .input(revokeGrantInput)
    .mutation(({ ctx, input }) => ctx.call(revokeGrant, input)),
});
