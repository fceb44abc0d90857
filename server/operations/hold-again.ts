import type { ToolDefinition } from '@/server/domain/catalog';
import { describeDrift } from '@/server/domain/drift';
import { footprintDigest } from '@/server/domain/footprint-digest';
import type { InForce } from '@/server/domain/in-force';
import type { Measurement } from '@/server/domain/ports';
import type { StoredAction } from '@/server/store/actions';
import type { Deps } from './deps';
import type { Exposed } from './expose-action';
import { heldBy, type Judgement, judgeAction } from './judge-action';
import { judgedAgent } from './measure-action';
import { recordVerdict } from './record-verdict';

/** Whether what is there is exactly what was released. */
export const isAsApproved = (action: StoredAction, measurement: Measurement): boolean =>
  footprintDigest(measurement.footprint) === action.footprintDigest;

/**
 * What may run is decided on what is there at the moment it would run: people approved one footprint, so it must be that one; policy allowed by rule, so
 * the rule is asked again about what is there now.
 */
export function mayRun(
  deps: Deps,
  inForce: InForce,
  action: StoredAction,
  tool: ToolDefinition,
  measurement: Measurement,
): boolean {
  if (tool.unconfirmed !== undefined) return false;
  if (isAsApproved(action, measurement)) return true;
  if (action.verdict?.verdict !== 'allow') return false;
  return judgeAction(deps, inForce, judgedAgent(action), tool, measurement).verdict.verdict === 'allow';
}

const DRIFTED = {
  id: 'drift',
  title: 'Not what was approved any more',
  because: 'What it would touch changed between the verdict and the execution. Nothing was done.',
  verdict: 'hold' as const,
};

/** Drift is always looked at by people, by at least as many as before, whatever policy would say of what is there now. */
function heldFor(action: StoredAction, judgement: Judgement): Judgement {
  const asked = judgement.obligation ?? action.obligation;
  const obligation = {
    reviewers: asked?.reviewers ?? [],
    quorum: Math.max(1, action.needed, judgement.needed),
    expirySeconds: asked?.expirySeconds ?? 24 * 60 * 60,
    presence: asked?.presence ?? ('session' as const),
  };
  return heldBy(DRIFTED, obligation, judgement);
}

/**
 * Holds an action again because what it would touch or whom it would reach is not what was approved. Earlier votes belong to an earlier round.
 * False when somebody else moved the action meanwhile, and nothing was written.
 */
export async function holdAgain(
  deps: Deps,
  action: StoredAction,
  tool: ToolDefinition,
  measurement: Measurement,
  exposed?: Exposed,
): Promise<boolean> {
  const inForce = await deps.policies.get(action.workspaceId);
  const judgement = judgeAction(deps, inForce, judgedAgent(action), tool, measurement);
  const status = await recordVerdict(deps, action, heldFor(action, judgement), measurement, {
    kind: 'drifted',
    ...(exposed ? { exposed } : {}),
    drift: {
      when: action.status === 'released' ? 'claim' : 'execution',
      at: deps.clock.now().toISOString(),
      previousDigest: action.footprintDigest ?? '',
      changes: describeDrift(action.footprint, measurement.footprint),
    },
  });
  return status !== null;
}
