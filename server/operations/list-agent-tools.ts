import { accept, type Outcome } from '@/server/domain/refusal';
import type { AgentScope } from '@/server/domain/scopes';
import type { ExecutionMode } from '@/server/domain/vocabulary';
import type { Deps } from './deps';

export type AgentToolView = {
  name: string;
  description: string;
  inputSchema: Record<string, unknown>;
  target: string | null;
  execution: ExecutionMode;
};

/** The tools an agent can plan with, as it needs to see them: no effects, no classes, nothing of the target but its name. */
export async function listAgentTools(deps: Deps, agent: AgentScope): Promise<Outcome<AgentToolView[]>> {
  const tools = await deps.catalog.listTools(agent.workspaceId);
  return accept(
    tools.map((tool) => ({
      name: tool.name,
      // Words nobody has confirmed never reach an agent: a description is an instruction to whoever reads it, also one inside the schema.
      description: tool.unconfirmed?.description ?? tool.description,
      inputSchema: { ...(tool.unconfirmed?.inputSchema ?? tool.inputSchema) },
      target: tool.target?.name ?? null,
      execution: tool.execution,
    })),
  );
}
