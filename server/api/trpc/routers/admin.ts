import { z } from 'zod';
import { applyDocument } from '@/server/operations/apply-document';
import { checkTarget } from '@/server/operations/check-target';
import { confirmTool, confirmToolInput } from '@/server/operations/confirm-tool';
import { createKey, createKeyInput } from '@/server/operations/create-key';
import { targetInput } from '@/server/operations/list-targets';
import { previewTool, previewToolInput } from '@/server/operations/preview-tool';
import { revokeKey, revokeKeyInput } from '@/server/operations/revoke-key';
import { revokeSessions } from '@/server/operations/revoke-sessions';
import { rotateKey, rotateKeyInput } from '@/server/operations/rotate-key';
import { saveTool, saveToolInput } from '@/server/operations/save-tool';
import { draftTools, refreshTools, serverToolsInput } from '@/server/operations/server-tools';
import { resumeAgent, suspendAgent, suspendAgentInput } from '@/server/operations/suspend-agent';
import { roleProcedure } from '../init';

const administratorProcedure = roleProcedure('owner', 'security_lead');
const applyInput = z.strictObject({
  document: z.union([z.string().max(2_000_000), z.record(z.string(), z.unknown())]),
  dryRun: z.boolean().optional(),
  prune: z.boolean().optional(),
});
const personInput = z.strictObject({ personId: z.string().max(100) });

/**
 * Setting the workspace up. Inviting people is `setup.invite`. A plain record, not `router({})`: tRPC keeps the word `apply` for its caller
 * and checks it there only, and the contract says `admin.apply`. Over HTTP and from clients nothing differs.
 */
export const adminRouter = {
  apply: administratorProcedure
    .input(applyInput)
    .mutation(({ ctx, input }) => ctx.call(applyDocument, input)),
  createKey: administratorProcedure
    .input(createKeyInput)
    .mutation(({ ctx, input }) => ctx.call(createKey, input)),
  rotateKey: administratorProcedure
    .input(rotateKeyInput)
    .mutation(({ ctx, input }) => ctx.call(rotateKey, input)),
  revokeKey: administratorProcedure
    .input(revokeKeyInput)
    .mutation(({ ctx, input }) => ctx.call(revokeKey, input)),
  suspendAgent: administratorProcedure
    .input(suspendAgentInput)
    .mutation(({ ctx, input }) => ctx.call(suspendAgent, input)),
  resumeAgent: administratorProcedure
    .input(suspendAgentInput)
    .mutation(({ ctx, input }) => ctx.call(resumeAgent, input)),
  confirmTool: administratorProcedure
    .input(confirmToolInput)
    .mutation(({ ctx, input }) => ctx.call(confirmTool, input)),
  saveTool: administratorProcedure
    .input(saveToolInput)
    .mutation(({ ctx, input }) => ctx.call(saveTool, input)),
  /** Mutations because their input does not fit an address; neither of the two writes anything. */
  previewTool: administratorProcedure
    .input(previewToolInput)
    .mutation(({ ctx, input }) => ctx.call(previewTool, input)),
  draftTools: administratorProcedure
    .input(serverToolsInput)
    .mutation(({ ctx, input }) => ctx.call(draftTools, input)),
  refreshTools: administratorProcedure
    .input(serverToolsInput)
    .mutation(({ ctx, input }) => ctx.call(refreshTools, input)),
  checkTarget: administratorProcedure
    .input(targetInput)
    .mutation(({ ctx, input }) => ctx.call(checkTarget, input)),
  revokeSessions: administratorProcedure
    .input(personInput)
    .mutation(({ ctx, input }) => ctx.call(revokeSessions, input)),
};
