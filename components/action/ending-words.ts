import type { Tone } from '@/components/ui/badge';
import { countWords } from '@/components/ui/number-words';
import type { ActionDetail } from '@/server/domain/views';

export type Ending = { tone: Tone; title: string; text: string };

const rows = (count: number | null): string =>
  count === null
    ? ''
    : ` It ${count === 1 ? 'touched or returned 1 row' : `touched or returned ${countWords(count)} rows`}.`;

/** How much it was, for each kind of target: rows, a service's answer, or files. */
function amount({ outcome }: ActionDetail): string {
  if (outcome?.httpStatus !== undefined) return ` The service answered ${outcome.httpStatus}.`;
  if (outcome?.fileCount !== undefined) {
    return ` It was ${outcome.fileCount === 1 ? '1 file' : `${countWords(outcome.fileCount)} files`}.`;
  }
  return rows(outcome?.rowCount ?? null);
}

/** What Holdpoint did, in the words of what it acted on. */
const SUCCEEDED: Readonly<Record<string, string>> = {
  http: 'Holdpoint sent exactly the request that was approved, once.',
  files: 'Holdpoint looked at every file again, found them equal to what was approved, and did it.',
};
const FAILED: Readonly<Record<string, string>> = {
  http: 'The service refused it, or it was never sent. The agent has been told and can plan again.',
  files: 'Nothing was changed in the tree. The agent has been told and can plan again.',
};
const LOST: Readonly<Record<string, string>> = {
  http: 'The request was sent and no answer came that says what became of it.',
  files: 'It stopped half-way, and not everything could be put back.',
};

/** An owner who broke the glass released it without the approvals it needed. */
const wasApproved = ({ history }: ActionDetail): boolean => !history.some((e) => e.kind === 'glass.broken');

/** What became of an action and what that means, in two sentences a person can act on; null while it waits for a decision. */
export function endingWords(action: ActionDetail): Ending | null {
  const agent = action.agent.name;
  const broker = action.toolDetail.execution === 'broker';
  const { kind } = action.toolDetail;
  switch (action.status) {
    case 'held':
      return null;
    case 'submitted':
    case 'measuring':
      return {
        tone: 'notice',
        title: 'Being measured',
        text: 'Holdpoint is finding out what this would touch. Nothing runs meanwhile.',
      };
    case 'released':
      return {
        tone: 'notice',
        title: 'Released',
        text: broker
          ? 'Holdpoint is about to run it, once.'
          : `${agent} may run it once, with a release that names exactly this.`,
      };
    case 'executing':
      return {
        tone: 'notice',
        title: 'Running',
        text: 'It is measured again while it runs, and undone at once if it touches anything else than what was approved.',
      };
    case 'succeeded':
      return {
        tone: 'good',
        title: broker
          ? `Done, exactly as ${wasApproved(action) ? 'approved' : 'shown'}`
          : 'Done, as the agent reports',
        text: broker
          ? `${SUCCEEDED[kind] ?? 'Holdpoint measured it again while it ran, found it equal to what was released, and committed.'}${amount(action)}`
          : `${agent} ran it itself and reported success.${rows(action.outcome?.rowCount ?? null)}`,
      };
    case 'failed':
      return {
        tone: 'danger',
        title: 'It failed',
        text: broker
          ? (FAILED[kind] ??
            'The target refused it and everything was rolled back. The agent has been told and can plan again.')
          : `${agent} reported a failure. Check the target before it tries again.`,
      };
    case 'unknown_outcome':
      return {
        tone: 'danger',
        title: 'Nobody knows yet whether it ran',
        text: `${LOST[kind] ?? 'The connection was lost at the moment of committing.'} Holdpoint never tries again on its own: look at ${action.target ?? 'the target'} before anything else is approved on the same data.`,
      };
    case 'denied':
      return {
        tone: 'danger',
        title: 'Denied by policy',
        text: 'It did not run, and no person was asked. The agent was told that it was denied, not why.',
      };
    case 'rejected':
      return {
        tone: 'danger',
        title: 'Rejected',
        text: 'It did not run and never will. The agent has the reviewer’s note.',
      };
    case 'sent_back':
      return {
        tone: 'caution',
        title: 'Sent back for changes',
        text: 'It did not run. The agent has the note and can submit a changed plan, which is looked at anew.',
      };
    case 'expired':
      return {
        tone: 'neutral',
        title: 'Expired: nobody decided in time',
        text: 'It did not run. That is not a rejection: if it is still wanted, the agent can submit it again.',
      };
    case 'cancelled':
      return {
        tone: 'neutral',
        title: 'Withdrawn by the agent',
        text: `${agent} took it back before it ran. Nothing was changed.`,
      };
    case 'revoked':
      return {
        tone: 'danger',
        title: 'Revoked before it ran',
        text: 'It had been released, but a halt or the end of its mandate took the release back. Nothing was changed.',
      };
  }
}
