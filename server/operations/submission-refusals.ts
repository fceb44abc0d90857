import { type Refusal, type RefusalCode, refuse } from '@/server/domain/refusal';
import type { AgentScope } from '@/server/domain/scopes';
import type { Deps } from './deps';

const MESSAGES: Partial<Record<RefusalCode, string>> = {
  key_invalid: 'This key has been revoked. Ask your owner for a new one.',
  key_expired: 'This key has expired. Ask your owner to rotate it.',
  agent_suspended: 'This agent is suspended. Its owner or a security lead can resume it.',
  tool_changed: 'The tool was changed a moment ago. Read agent.tools again and resubmit.',
  run_unknown: 'There is no such run of yours. Start one with agent.startRun, or leave runId out.',
  run_finished: 'This run is finished. Start a new one with agent.startRun.',
  unavailable: 'Holdpoint cannot keep up right now. Nothing was taken; submit again in a few seconds.',
  halted: 'A halt is in force. Nothing is taken until a person lifts it; do not retry in a loop.',
};

const RETRY_AFTER: Partial<Record<RefusalCode, number>> = { halted: 60, unavailable: 2 };

/** What the database refused although this process's caches had let it pass, in words; the caches are dropped so that they agree again. */
export function refusalFor(deps: Deps, agent: AgentScope, code: RefusalCode): Refusal {
  if (code === 'tool_changed') deps.catalog.drop(agent.workspaceId);
  const message = MESSAGES[code] ?? 'The action was not taken. Try again.';
  const retryAfterSeconds = RETRY_AFTER[code];
  return refuse(code, message, retryAfterSeconds === undefined ? {} : { retryAfterSeconds });
}
