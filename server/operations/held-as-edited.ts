import { heldBy, type Judgement } from './judge-action';

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
  return heldBy(EDITED, obligation, judgement);
}
