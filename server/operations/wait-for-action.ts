import { z } from 'zod';
import { agentSees, toAgentView } from '@/server/domain/agent-view';
import { accept, type Outcome, refuse } from '@/server/domain/refusal';
import type { AgentScope } from '@/server/domain/scopes';
import { WAITING } from '@/server/domain/status';
import { storable } from '@/server/domain/storable-text';
import type { AgentActionView } from '@/server/domain/views';
import { type AgentActionRow, findAgentAction } from '@/server/store/agent-actions';
import type { Deps } from './deps';

export const waitInput = z.strictObject({
  actionId: storable(z.string().min(1).max(100)),
  waitSeconds: z.number().min(0).max(55),
});

/** Whether the agent has nothing more to wait for: over, or released for the agent itself to claim. */
function isReady(deps: Deps, row: AgentActionRow): boolean {
  const { status } = agentSees(row, deps.clock.now());
  return !WAITING.has(status) || (status === 'released' && row.execution === 'agent');
}

/** Reads one of this agent's actions as it stands. */
export async function getAgentAction(
  deps: Deps,
  agent: AgentScope,
  input: { actionId: string },
): Promise<Outcome<AgentActionView>> {
  const row = await findAgentAction(deps.db, agent.workspaceId, agent.agentId, input.actionId);
  return row
    ? accept(toAgentView(row, deps.url, deps.clock.now()))
    : refuse('action_unknown', 'There is no such planned action of yours.');
}

/** Looked at again this soon at the earliest, should this process's clock run ahead of the database's. */
const SHORTEST_LOOK_MS = 250;

/**
 * When to look again although nobody said anything, null when never: at its expiry, which needs no sweeper to be true, and when the agent is
 * shown something else.
 */
function looksAgainAt(deps: Deps, row: AgentActionRow): Date | null {
  const now = deps.clock.now();
  const { changesAt } = agentSees(row, now);
  const times = [
    ...(row.expiresAt === null
      ? []
      : [Math.max(now.getTime() + SHORTEST_LOOK_MS, row.expiresAt.getTime() + 1)]),
    ...(changesAt === null ? [] : [changesAt.getTime()]),
  ];
  return times.length === 0 ? null : new Date(Math.min(...times));
}

/**
 * Answers as soon as there is something to do for the agent, or when the time is up. Subscribes before it reads, so that a decision between
 * the two is never missed; costs one query per change heard.
 */
export async function waitForAction(
  deps: Deps,
  agent: AgentScope,
  input: z.infer<typeof waitInput>,
  signal?: AbortSignal,
): Promise<Outcome<AgentActionView>> {
  const deadline = performance.now() + input.waitSeconds * 1_000;
  for (;;) {
    const rest = deadline - performance.now();
    const over = new AbortController();
    const stop = () => over.abort();
    let isTime = false;
    signal?.addEventListener('abort', stop, { once: true });
    try {
      const changed =
        rest > 0 ? deps.changes.wait(input.actionId, rest, over.signal) : Promise.resolve(false);
      const row = await findAgentAction(deps.db, agent.workspaceId, agent.agentId, input.actionId);
      if (!row) return refuse('action_unknown', 'There is no such planned action of yours.');
      if (rest <= 0 || signal?.aborted || isReady(deps, row)) {
        return accept(toAgentView(row, deps.url, deps.clock.now()));
      }
      const again = looksAgainAt(deps, row);
      if (again !== null && again.getTime() - deps.clock.now().getTime() < rest) {
        void deps.until(again, over.signal).then(() => {
          isTime = !over.signal.aborted;
          stop();
        });
      }
      const woken = await changed;
      if (!woken && !isTime) return getAgentAction(deps, agent, input);
    } finally {
      over.abort();
      signal?.removeEventListener('abort', stop);
    }
  }
}
