import { z } from 'zod';
import {
  breakGlass,
  breakGlassInput,
  closeReview,
  closeReviewInput,
  listBrokenGlass,
} from '@/server/operations/break-glass';
import { reviewerProcedure, roleProcedure, router } from '../init';

/** What owners released alone, in an emergency, and the reviews of it. */
export const glassRouter = router({
  list: reviewerProcedure
    .input(z.strictObject({ actionId: z.string().max(100).optional() }))
    .query(({ ctx, input }) => ctx.call(listBrokenGlass, input)),
  break: roleProcedure('owner')
    .input(breakGlassInput)
    .mutation(({ ctx, input }) => ctx.call(breakGlass, input)),
  close: roleProcedure('owner', 'security_lead')
    .input(closeReviewInput)
    .mutation(({ ctx, input }) => ctx.call(closeReview, input)),
});
