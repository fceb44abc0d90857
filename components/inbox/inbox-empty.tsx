import { CheckCheck, Filter, Hand, History } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { CopyButton } from '@/components/ui/copy-button';
import { EmptyState } from '@/components/ui/empty-state';
import { counted } from '@/components/ui/number-words';
import type { InboxView } from './inbox-filters';

const Command = ({ command }: { command: string }) => (
  <span className="mt-3 inline-flex items-center gap-1 rounded-md border border-line bg-sunken py-1 pr-1 pl-3 text-ink">
    <code className="text-sm">{command}</code>
    <CopyButton value={command} label="Copy the command" />
  </span>
);

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
  return (
    <EmptyState icon={<Hand />} title="No agent is waiting">
      When an agent plans something that policy holds, it appears here by itself, with what it would touch.
      See it happen: let the demo agent work through a task, in a second terminal.
      <br />
      <Command command="npm run demo:agent" />
    </EmptyState>
  );
}
