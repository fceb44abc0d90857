import { z } from 'zod';
import { changePassword, changePasswordInput } from '@/server/operations/change-password';
import { chooseMail, chooseMailInput, getMailChoice } from '@/server/operations/choose-mail';
import { getMe } from '@/server/operations/get-me';
import { listSessions } from '@/server/operations/list-sessions';
import {
  addPasskey,
  addPasskeyInput,
  beginPasskey,
  beginPasskeyInput,
  listOwnPasskeys,
  removePasskey,
  removePasskeyInput,
} from '@/server/operations/passkeys';
import {
  addDevice,
  addDeviceInput,
  listDevices,
  removeDevice,
  removeDeviceInput,
} from '@/server/operations/push-devices';
import { revokeSessions } from '@/server/operations/revoke-sessions';
import {
  listViews,
  removeView,
  removeViewInput,
  saveView,
  saveViewInput,
} from '@/server/operations/saved-views';
import {
  absenceInput,
  backInput,
  endAbsenceOf,
  getAbsence,
  startAbsence,
} from '@/server/operations/set-absence';
import { reviewerProcedure, router } from '../init';

const revokeInput = z
  .object({
    personId: z.string().max(40).optional(),
    sessionId: z.string().max(40).optional(),
    /** All but the session that asks. */
    others: z.boolean().optional(),
  })
  .strict();

/** The signed-in person: who they are, and where they are signed in. */
export const meRouter = router({
  get: reviewerProcedure.query(({ ctx }) => ctx.read(getMe)),
  changePassword: reviewerProcedure
    .input(changePasswordInput)
    .mutation(({ ctx, input }) => ctx.call(changePassword, input)),
  mail: reviewerProcedure.query(({ ctx }) => ctx.read(getMailChoice)),
  chooseMail: reviewerProcedure
    .input(chooseMailInput)
    .mutation(({ ctx, input }) => ctx.call(chooseMail, input)),
  passkeys: reviewerProcedure.query(({ ctx }) => ctx.read(listOwnPasskeys)),
  beginPasskey: reviewerProcedure
    .input(beginPasskeyInput)
    .mutation(({ ctx, input }) => ctx.call(beginPasskey, input)),
  addPasskey: reviewerProcedure
    .input(addPasskeyInput)
    .mutation(({ ctx, input }) => ctx.call(addPasskey, input)),
  removePasskey: reviewerProcedure
    .input(removePasskeyInput)
    .mutation(({ ctx, input }) => ctx.call(removePasskey, input)),
  /** Browsers that show one notifications. */
  devices: reviewerProcedure.query(({ ctx }) => ctx.read(listDevices)),
  addDevice: reviewerProcedure.input(addDeviceInput).mutation(({ ctx, input }) => ctx.call(addDevice, input)),
  removeDevice: reviewerProcedure
    .input(removeDeviceInput)
    .mutation(({ ctx, input }) => ctx.call(removeDevice, input)),
  /** Queues of the inbox under names of one's own. */
  views: reviewerProcedure.query(({ ctx }) => ctx.read(listViews)),
  saveView: reviewerProcedure.input(saveViewInput).mutation(({ ctx, input }) => ctx.call(saveView, input)),
  removeView: reviewerProcedure
    .input(removeViewInput)
    .mutation(({ ctx, input }) => ctx.call(removeView, input)),
  absence: reviewerProcedure.query(({ ctx }) => ctx.read(getAbsence)),
  /** One's own; owners and security leads say it of others as well. */
  goAway: reviewerProcedure.input(absenceInput).mutation(({ ctx, input }) => ctx.call(startAbsence, input)),
  comeBack: reviewerProcedure.input(backInput).mutation(({ ctx, input }) => ctx.call(endAbsenceOf, input)),
  sessions: reviewerProcedure.query(({ ctx }) => ctx.read(listSessions)),
  revokeSessions: reviewerProcedure
    .input(revokeInput)
    .mutation(({ ctx, input }) => ctx.call(revokeSessions, input)),
});
