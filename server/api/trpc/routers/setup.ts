import { z } from 'zod';
import { ROLES } from '@/server/domain/vocabulary';
import { acceptSetupLink } from '@/server/operations/accept-setup-link';
import { findSetup } from '@/server/operations/find-setup-link';
import { invitePerson } from '@/server/operations/invite-person';
import { openProcedure, roleProcedure, router } from '../init';

const token = z.string().max(100);
const name = z.string().trim().min(1, 'Needed.').max(120, 'Use at most 120 characters.');
const email = z.email('This is not an e-mail address.').max(254, 'Use at most 254 characters.');
const acceptInput = z
  .object({
    token,
    password: z.string().max(1000),
    owner: z.object({ workspace: name, name, email }).strict().optional(),
  })
  .strict();
const inviteInput = z
  .object({
    email,
    name: name.optional(),
    roles: z.array(z.enum(ROLES)).max(ROLES.length).optional(),
    clearances: z.array(z.string().min(1).max(60)).max(60).optional(),
  })
  .strict();

/** One-time links by which people get their password. Finding decides nothing; accepting is a POST and works once (P8). */
export const setupRouter = router({
  find: openProcedure
    .input(z.object({ token }).strict())
    .query(({ ctx, input }) => ctx.callOpenly(findSetup, input)),
  accept: openProcedure
    .input(acceptInput)
    .mutation(({ ctx, input }) => ctx.callOpenly(acceptSetupLink, input)),
  invite: roleProcedure('owner', 'security_lead')
    .input(inviteInput)
    .mutation(({ ctx, input }) => ctx.call(invitePerson, input)),
});
