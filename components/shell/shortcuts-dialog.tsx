'use client';
import { Dialog } from '@/components/ui/dialog';
import { Kbd } from '@/components/ui/kbd';

const GROUPS: { title: string; keys: [keys: string[], does: string][] }[] = [
  {
    title: 'Anywhere',
    keys: [
      [['Ctrl', 'K'], 'Go to a page, find an action, halt'],
      [['g', 'o'], 'Home: the overview'],
      [['g', 'i'], 'Inbox'],
      [['g', 'r'], 'Runs'],
      [['g', 'a'], 'Audit log'],
      [['g', 'h'], 'Halts'],
      [['?'], 'This list'],
    ],
  },
  {
    title: 'Inbox',
    keys: [
      [['j'], 'Next'],
      [['k'], 'Previous'],
      [['Enter'], 'Open'],
      [['/'], 'Search'],
    ],
  },
  {
    title: 'An action',
    keys: [
      [['a'], 'Approve: opens the step to confirm'],
      [['r'], 'Reject, with a reason'],
      [['s'], 'Send back, with a note'],
      [['Esc'], 'Leave the step'],
    ],
  },
];

export function ShortcutsDialog({
  open,
  onOpenChange,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="Shortcuts" width="md">
      <div className="grid gap-6 sm:grid-cols-2">
        {GROUPS.map((group) => (
          <section key={group.title}>
            <h3 className="mb-2 font-medium text-faint text-sm">{group.title}</h3>
            <dl className="space-y-1.5">
              {group.keys.map(([keys, does]) => (
                <div key={does} className="flex items-center justify-between gap-4">
                  <dt className="text-base">{does}</dt>
                  <dd className="flex shrink-0 gap-1">
                    {keys.map((key) => (
                      <Kbd key={key}>{key}</Kbd>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
