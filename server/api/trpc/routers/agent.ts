import { accept } from '@/server/domain/refusal';
import { cancelAction } from '@/server/operations/cancel-action';
import { actionInput, claimRelease } from '@/server/operations/claim-release';
import { finishRun, finishRunInput } from '@/server/operations/finish-run';
import { listAgentTools } from '@/server/operations/list-agent-tools';
import { observeInput, observeResult } from '@/server/operations/observe-result';
import { reportExecution, reportInput } from '@/server/operations/report-execution';
import { startRun, startRunInput } from '@/server/operations/start-run';
import { submitAction, submitInput } from '@/server/operations/submit-action';
import { getAgentAction, waitForAction, waitInput } from '@/server/operations/wait-for-action';
import { agentProcedure, router } from '../init';

/** The agent's contract (docs: the contract page). Stable: names, inputs and outputs here change for nobody. */
export const agentRouter = router({
  whoami: agentProcedure.query(({ ctx }) =>
    ctx.call(async (_deps, agent) =>
      accept({
        agentId: agent.agentId,
        name: agent.agentName,
        workspace: agent.workspaceName,
        // Suspended agents do not get past authentication.
        status: 'active' as const,
      }),
    ),
  ),
  tools: agentProcedure.query(({ ctx }) => ctx.call(listAgentTools)),
  startRun: agentProcedure.input(startRunInput).mutation(({ ctx, input }) => ctx.call(startRun, input)),
  finishRun: agentProcedure.input(finishRunInput).mutation(({ ctx, input }) => ctx.call(finishRun, input)),
  submit: agentProcedure.input(submitInput).mutation(({ ctx, input }) => ctx.call(submitAction, input)),
  get: agentProcedure.input(actionInput).query(({ ctx, input }) => ctx.call(getAgentAction, input)),
  wait: agentProcedure
    .input(waitInput)
    .query(({ ctx, input, signal }) => ctx.call(waitForAction, input, signal)),
  cancel: agentProcedure.input(actionInput).mutation(({ ctx, input }) => ctx.call(cancelAction, input)),
  claim: agentProcedure.input(actionInput).mutation(({ ctx, input }) => ctx.call(claimRelease, input)),
  report: agentProcedure.input(reportInput).mutation(({ ctx, input }) => ctx.call(reportExecution, input)),
  observe: agentProcedure.input(observeInput).mutation(({ ctx, input }) => ctx.call(observeResult, input)),
});
