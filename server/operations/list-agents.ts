import { z } from 'zod';
import type { AgentListItem, AgentView, Page } from '@/server/domain/catalog-views';
import { accept, type Outcome, refuse } from '@/server/domain/refusal';
import type { ReviewerScope } from '@/server/domain/scopes';
import { findAgentView, listAgentRows } from '@/server/store/agent-views';
import type { Deps } from './deps';
import { type PageInput, pageByName } from './page-input';

type ReadDeps = Pick<Deps, 'db' | 'clock'>;
export const agentInput = z.strictObject({ agentId: z.string().max(100) });

/** One page of the workspace's agents by name. */
export function listAgents(
  deps: ReadDeps,
  person: ReviewerScope,
  input: PageInput,
): Promise<Outcome<Page<AgentListItem>>> {
  const now = deps.clock.now();
  return pageByName(
    input,
    (page) => listAgentRows(deps.db, person.workspaceId, page, now),
    (agent) => agent.name,
  );
}

/** One agent by id or name, its keys by everything but their secret. */
export async function getAgent(
  deps: ReadDeps,
  person: ReviewerScope,
  input: z.infer<typeof agentInput>,
): Promise<Outcome<AgentView>> {
  const agent = await findAgentView(deps.db, person.workspaceId, input.agentId, deps.clock.now());
  return agent === null
    ? refuse('agent_unknown', 'There is no such agent in this workspace.')
    : accept(agent);
}
