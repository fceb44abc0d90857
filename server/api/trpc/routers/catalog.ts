import { getTool, toolInput } from '@/server/operations/get-tool';
import { getPerson, latestInput, listLatestOf, personInput } from '@/server/operations/latest';
import { agentInput, getAgent, listAgents } from '@/server/operations/list-agents';
import { listGroups, listPeople } from '@/server/operations/list-people';
import { getTarget, listTargets, listTools, targetInput } from '@/server/operations/list-targets';
import { pageInput } from '@/server/operations/page-input';
import { reviewerProcedure, router } from '../init';

/** What the workspace consists of, for everybody signed in. Nothing in here is a secret, nothing changes anything. */
export const catalogRouter = router({
  agents: reviewerProcedure.input(pageInput).query(({ ctx, input }) => ctx.call(listAgents, input)),
  agent: reviewerProcedure.input(agentInput).query(({ ctx, input }) => ctx.call(getAgent, input)),
  targets: reviewerProcedure.input(pageInput).query(({ ctx, input }) => ctx.call(listTargets, input)),
  target: reviewerProcedure.input(targetInput).query(({ ctx, input }) => ctx.call(getTarget, input)),
  tools: reviewerProcedure.input(pageInput).query(({ ctx, input }) => ctx.call(listTools, input)),
  tool: reviewerProcedure.input(toolInput).query(({ ctx, input }) => ctx.call(getTool, input)),
  people: reviewerProcedure.input(pageInput).query(({ ctx, input }) => ctx.call(listPeople, input)),
  person: reviewerProcedure.input(personInput).query(({ ctx, input }) => ctx.call(getPerson, input)),
  /** What was planned lately by one agent, or on one target. */
  latest: reviewerProcedure.input(latestInput).query(({ ctx, input }) => ctx.read(listLatestOf, input)),
  groups: reviewerProcedure.input(pageInput).query(({ ctx, input }) => ctx.call(listGroups, input)),
});
