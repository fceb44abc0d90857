import { Callout } from '@/components/ui/callout';
import { RelativeTime } from '@/components/ui/relative-time';
import type { ActionDetail } from '@/server/domain/views';

/** Policy asks for more than when this was held: whoever decides has to know before they read on. */
export function RejudgedCard({ action }: { action: ActionDetail }) {
  const last = action.history.findLast((event) => event.kind === 'action.rejudged');
  if (last === undefined || action.status !== 'held') return null;
  return (
    <Callout tone="caution" title="Policy has changed since this was planned">
      {last.summary}, <RelativeTime at={last.at} focusable />. Votes already given count where they still fit.
    </Callout>
  );
}
