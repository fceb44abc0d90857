import { getMe } from '@/server/operations/get-me';
import { reviewerProcedure, router } from '../init';

/** The signed-in person themselves. */
export const meRouter = router({
  get: reviewerProcedure.query(({ ctx }) => ctx.read(getMe)),
});
