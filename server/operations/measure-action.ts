import type { ToolDefinition } from '@/server/domain/catalog';
import type { Measured } from '@/server/domain/ports';
import type { Status } from '@/server/domain/status';
import { findAction, type StoredAction } from '@/server/store/actions';
import { renewLease, takeLease } from '@/server/store/leases';
import { applyGrant } from './apply-grant';
import { callOf } from './call-of';
import type { Deps } from './deps';
import { endAllowedDrill } from './drills';
import { exposeAction } from './expose-action';
import { heldAsEdited } from './held-as-edited';
import { type JudgedAgent, judgeAction } from './judge-action';
import { measureCall } from './measure-call';
import { recordVerdict } from './record-verdict';
import { unmeasured } from './take-measurement';

/** A measurement belongs to one process this long; a dead one's is taken over afterwards. */
export const MEASURE_LEASE_SECONDS = 60;
const MAX_ATTEMPTS = 5;

export const judgedAgent = (action: StoredAction): JudgedAgent => ({
  id: action.agentId,
  name: action.agentName,
  clearances: action.agentClearances,
  ownerId: action.ownerId,
});

/** The tool an action was planned with, as it is defined now; null when it was removed (a new one of the same name is another tool). */
export async function toolOf(deps: Deps, action: StoredAction): Promise<ToolDefinition | null> {
  const tool = await deps.catalog.getTool(action.workspaceId, action.toolName);
  return tool?.id === action.toolId ? tool : null;
}

/** Judged by what is known now; measured again when that is more than the measurement was made by. */
async function conclude(deps: Deps, action: StoredAction, tool: ToolDefinition, measured: Measured) {
  await deps.knowledge.check(action.workspaceId, action.agentId);
  const exposed = await (await exposeAction(deps, action, tool, measured.measurement, measured.around))();
  const inForce = await deps.policies.get(action.workspaceId);
  const judged = judgeAction(deps, inForce, judgedAgent(action), tool, exposed.measurement);
  if (action.isDrill && judged.status === 'released') return endAllowedDrill(deps, action);
  const judgement = action.supersedesId === null ? judged : heldAsEdited(judged);
  return recordVerdict(deps, action, judgement, exposed.measurement, { kind: 'measured', exposed });
}

async function measureAndConclude(
  deps: Deps,
  action: StoredAction,
  tool: ToolDefinition,
  underWay?: Promise<Measured>,
): Promise<Status | null> {
  const call = await callOf(deps, action, tool);
  let measured = await (underWay ?? measureCall(deps, action, call, { fresh: true }));
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
    const status = await conclude(deps, action, tool, measured);
    if (status !== 'stale') return status;
    measured = await measureCall(deps, action, call, { fresh: true });
  }
  throw new Error('its run came across more each time it was measured');
}

/**
 * Measures and judges an action recorded as `measuring`. Safe to call any number of times from any process: the lease lets one work, and a
 * process that dies half-way is followed by another after the lease. A measurement `underWay` is waited for instead of taking another.
 * Resolves to the status written, null when none was.
 */
export async function measureAction(
  deps: Deps,
  actionId: string,
  underWay?: Promise<Measured>,
): Promise<Status | null> {
  if (!(await takeLease(deps.db, actionId, 'measuring', deps.processId, MEASURE_LEASE_SECONDS))) return null;
  const action = await findAction(deps.db, actionId);
  if (action?.status !== 'measuring') return null;
  const tool = await toolOf(deps, action);
  if (!tool) {
    // Judged by a stand-in: the policy sees unknowns and nothing else.
    const gone = {
      ...removedTool,
      id: action.toolId,
      workspaceId: action.workspaceId,
      name: action.toolName,
    };
    const message = 'The tool was removed before it could be measured.';
    const measurement = unmeasured(deps, { code: 'analyzer_error', message });
    const inForce = await deps.policies.get(action.workspaceId);
    const judgement = judgeAction(deps, inForce, judgedAgent(action), gone, measurement);
    const status = await recordVerdict(deps, action, judgement, measurement, { kind: 'measured' });
    return status === 'stale' ? null : status;
  }
  const keepAlive = setInterval(
    () => {
      renewLease(deps.db, actionId, deps.processId, MEASURE_LEASE_SECONDS).catch(() => undefined);
    },
    (MEASURE_LEASE_SECONDS * 1_000) / 3,
  );
  try {
    const status = await measureAndConclude(deps, action, tool, underWay);
    if (status === 'released' && action.execution === 'broker') deps.backlog.execute(actionId);
    if (status !== 'held') return status;
    return (await applyGrant(deps, action.workspaceId, actionId)) ? 'released' : status;
  } finally {
    clearInterval(keepAlive);
  }
}

const removedTool = {
  description: '',
  kind: 'custom' as const,
  execution: 'agent' as const,
  inputSchema: {},
  effects: [],
  target: null,
  definitionHash: '',
};
