import { HOLDPOINT } from '@/server/domain/audit-event';
import type { Judgement } from './judge-action';

const EDITED = {
  id: 'edited',
  title: 'A reviewer changed it',
  because:
    'It is not what the agent planned. Whoever changed it has no vote on it: somebody else approves it.',
  verdict: 'hold' as const,
};

/** What a reviewer wrote is always looked at by somebody else, by at least as many as policy asks for what it is now. */
export function heldAsEdited(judgement: Judgement): Judgement {
  if (judgement.status === 'denied') return judgement;
  const obligation = judgement.obligation ?? {
    reviewers: [],
    quorum: 1,
    expirySeconds: 24 * 60 * 60,
    presence: 'session' as const,
  };
  const rules = [EDITED, ...judgement.verdict.rules.filter((rule) => rule.verdict === 'hold')];
  const data = { rules: rules.map((rule) => rule.id), quorum: obligation.quorum };
  return {
    ...judgement,
    status: 'held',
    verdict: { verdict: 'hold', policy: judgement.verdict.policy, rules, obligation },
    obligation,
    needed: obligation.quorum,
    expirySeconds: obligation.expirySeconds,
    events: [{ kind: 'action.held', actor: HOLDPOINT, data }],
  };
}
