import { createScimToken, createScimTokenInput } from '@/server/operations/create-scim-token';
import { importDirectory, importDirectoryInput } from '@/server/operations/import-directory';
import { listScimTokens } from '@/server/operations/list-scim-tokens';
import {
  directoryGroupInput,
  directoryGroupsInput,
  directoryOutsideInput,
  directoryPeopleInput,
  getDirectory,
  getDirectoryGroup,
  listDirectoryGroups,
  listDirectoryPeople,
  listOutside,
} from '@/server/operations/read-directory';
import { revokeScimToken, revokeScimTokenInput } from '@/server/operations/revoke-scim-token';
import { reviewerProcedure, roleProcedure, router } from '../init';

const administratorProcedure = roleProcedure('owner', 'security_lead');

/** Who is who: read by everybody signed in, kept up to date by administrators and their identity provider. */
export const directoryRouter = router({
  overview: reviewerProcedure.query(({ ctx }) => ctx.call(getDirectory)),
  people: reviewerProcedure
    .input(directoryPeopleInput)
    .query(({ ctx, input }) => ctx.call(listDirectoryPeople, input)),
  groups: reviewerProcedure
    .input(directoryGroupsInput)
    .query(({ ctx, input }) => ctx.call(listDirectoryGroups, input)),
  group: reviewerProcedure
    .input(directoryGroupInput)
    .query(({ ctx, input }) => ctx.call(getDirectoryGroup, input)),
  outside: reviewerProcedure
    .input(directoryOutsideInput)
    .query(({ ctx, input }) => ctx.call(listOutside, input)),
  import: administratorProcedure
    .input(importDirectoryInput)
    .mutation(({ ctx, input }) => ctx.call(importDirectory, input)),
  tokens: administratorProcedure.query(({ ctx }) => ctx.call(listScimTokens)),
  createToken: administratorProcedure
    .input(createScimTokenInput)
    .mutation(({ ctx, input }) => ctx.call(createScimToken, input)),
  revokeToken: administratorProcedure
    .input(revokeScimTokenInput)
    .mutation(({ ctx, input }) => ctx.call(revokeScimToken, input)),
});
