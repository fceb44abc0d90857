import { CircleAlert, CircleCheck, CircleHelp, TriangleAlert, Unplug } from 'lucide-react';
import { Badge } from '@/components/ui/badge';
import { counted } from '@/components/ui/number-words';
import type { TargetListItem } from '@/server/domain/catalog-views';

/** What is known of a target, in a word: an unknown state looks like one. */
export function TargetState({ target }: { target: TargetListItem }) {
  if (target.reachable === null) {
    return (
      <Badge icon={<CircleHelp aria-hidden />} className="border-dashed">
        never checked
      </Badge>
    );
  }
  if (!target.reachable) {
    return (
      <Badge tone="danger" icon={<Unplug aria-hidden />}>
        not reachable
      </Badge>
    );
  }
  if (target.errors > 0) {
    return (
      <Badge tone="danger" icon={<CircleAlert aria-hidden />}>
        {counted(target.errors, 'problem')}
      </Badge>
    );
  }
  if (target.warnings > 0) {
    return (
      <Badge tone="caution" icon={<TriangleAlert aria-hidden />}>
        {counted(target.warnings, 'warning')}
      </Badge>
    );
  }
  return (
    <Badge tone="good" icon={<CircleCheck aria-hidden />}>
      ready
    </Badge>
  );
}
