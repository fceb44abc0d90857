import { CheckCheck, Filter, History } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { counted } from '@/components/ui/number-words';
import type { InboxView } from '@/server/domain/vocabulary';
import { FirstSteps } from './first-steps';

/** An empty queue teaches: why it is empty and what would fill it. */
export function InboxEmpty({
  view,
  filtered,
  held,
  onClear,
  onShowHeld,
}: {
  view: InboxView;
  filtered: boolean;
  held: number;
  onClear: () => void;
  onShowHeld: () => void;
}) {
  if (filtered) {
    return (
      <EmptyState
        icon={<Filter />}
        title="Nothing matches"
        action={<Button onClick={onClear}>Clear the filters</Button>}
      >
        No planned action here fits the search, level and agent you chose.
      </EmptyState>
    );
  }
  if (view === 'decided') {
    return (
      <EmptyState icon={<History />} title="Nothing has been decided yet">
        Whatever people or policy decide is kept here, with who, when and why.
      </EmptyState>
    );
  }
  if (view === 'others' && held > 0) {
    return (
      <EmptyState icon={<CheckCheck />} title="Nothing waits for others">
        Whatever is held right now, you can decide yourself.
      </EmptyState>
    );
  }
  if (view === 'needs-you' && held > 0) {
    return (
      <EmptyState
        icon={<CheckCheck />}
        title="Nothing needs you"
        action={<Button onClick={onShowHeld}>See all held</Button>}
      >
        {counted(held, 'planned action')} {held === 1 ? 'waits' : 'wait'} for somebody else.
      </EmptyState>
    );
  }
  return <FirstSteps />;
}
