import { type Refusal, type RefusalCode, refuse } from '@/server/domain/refusal';

const MESSAGES: Partial<Record<RefusalCode, string>> = {
  mandate_ended: 'The mandate of its run is over. Ask for another one, or start a new run.',
  action_unknown: 'There is no such planned action of yours.',
  not_claimable: 'Holdpoint executes this one itself after release. Call agent.wait for the result.',
  not_released: 'It is not released. Call agent.wait until its status is "released".',
  release_already_claimed:
    'This release was claimed before and works only once. Submit a new action to act again.',
  release_expired: 'The release has expired. Submit the action again.',
  halted: 'A halt is in force. Nothing is released until a person lifts it.',
  agent_suspended: 'This agent is suspended. Its owner or a security lead can resume it.',
  tool_changed: 'The tool was changed after this was judged. Submit the action again.',
  drifted:
    'What it would do or reach is no longer what was approved. Nothing was released; people look at it again. Call agent.wait until its status is "released".',
  unavailable: 'Who is who, or policy, is being changed right now. Claim again in a moment.',
  key_invalid: 'This key has been revoked or has expired. Ask your owner for a new one.',
};

/** Why a claim was refused, in words that say what to do. */
export function claimRefusal(code: RefusalCode): Refusal {
  return refuse(code, MESSAGES[code] ?? 'The release could not be claimed.');
}
