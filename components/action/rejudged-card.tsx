import { Callout } from '@/components/ui/callout';
import { RelativeTime } from '@/components/ui/relative-time';
import type { ActionDetail } from '@/server/domain/views';

/** Policy asks for more than when this was held: whoever decides has to know before they read on. */
export function RejudgedCard({ action }: { action: ActionDetail }) {
  const last = action.history.findLast((event) => event.kind === 'action.rejudged');
  if (last === undefined || action.status !== 'held') return null;
  const changes = Array.isArray(last.data.changes) ? last.data.changes.map(String) : [];
  return (
    <Callout tone="caution" title="Policy has changed since this was planned">
      It was judged again <RelativeTime at={last.at} focusable />, and the stricter counts
      {changes.length > 0 ? `: ${changes.join(' ')}` : '.'} Votes already given count where they still fit.
    </Callout>
  );
}
