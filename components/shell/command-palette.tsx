'use client';
import { Command } from 'cmdk';
import { ArrowRight, Hash, Keyboard, OctagonPause, Search, UserRound } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { Dialog as Radix } from 'radix-ui';
import { type ReactNode, useState } from 'react';
import type { HaltSubject } from '@/components/halts/halt-subject';
import { useFocusReturn } from '@/components/ui/use-focus-return';
import { useHome, useSetup, WORK } from './nav-items';

const ITEM =
  'flex min-h-10 cursor-default items-center gap-3 rounded-md px-3 text-base data-[selected=true]:bg-selected [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-faint';
/** What an id that is typed or pasted opens. */
const PAGES_BY_ID = { act: 'actions', run: 'runs' } as const;
const ID = /^(act|run)_[0-9a-z]{4,}$/;

function pageOfId(typed: string): string | null {
  const id = typed.toLowerCase();
  const kind = ID.exec(id)?.[1] as keyof typeof PAGES_BY_ID | undefined;
  return kind === undefined ? null : `/${PAGES_BY_ID[kind]}/${id}`;
}

function Item({ icon, onRun, children }: { icon: ReactNode; onRun: () => void; children: ReactNode }) {
  return (
    <Command.Item onSelect={onRun} className={ITEM}>
      {icon}
      <span className="truncate">{children}</span>
    </Command.Item>
  );
}

/** Everything by name: pages, an action or a run by its id, a search, the halt. */
export function CommandPalette({
  open,
  onOpenChange,
  subjects,
  onHalt,
  onShortcuts,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  subjects: readonly HaltSubject[];
  onHalt: (subject?: HaltSubject) => void;
  onShortcuts: () => void;
}) {
  const router = useRouter();
  const home = useHome();
  const setup = useSetup();
  const [text, setText] = useState('');
  const { remember, onCloseAutoFocus } = useFocusReturn();
  const typed = text.trim();
  const byId = pageOfId(typed);
  const run = (what: () => void) => () => {
    onOpenChange(false);
    setText('');
    what();
  };
  const go = (href: string) => run(() => router.push(href));
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-50 animate-fade bg-veil" />
        <Radix.Content
          aria-describedby={undefined}
          onCloseAutoFocus={onCloseAutoFocus}
          className="fixed inset-x-3 top-[10vh] z-50 mx-auto max-w-xl animate-rise overflow-hidden rounded-xl border border-line bg-raised shadow-float outline-none"
        >
          {remember}
          <Radix.Title className="sr-only">Go to</Radix.Title>
          <Command loop label="Go to">
            <div className="flex items-center gap-3 border-line border-b px-4">
              <Search aria-hidden className="size-4 text-faint" />
              <Command.Input
                value={text}
                onValueChange={setText}
                placeholder="Where to, or the id of an action or a run"
                className="h-12 flex-1 bg-transparent text-lg outline-none placeholder:text-faint"
              />
            </div>
            <Command.List className="max-h-[50vh] overflow-y-auto p-1.5">
              <Command.Empty className="px-3 py-6 text-center text-soft">Nothing by that name.</Command.Empty>
              {byId ? (
                <Item icon={<Hash />} onRun={go(byId)}>
                  Open {typed}
                </Item>
              ) : typed ? (
                <Item icon={<Search />} onRun={go(`/inbox?view=held&q=${encodeURIComponent(typed)}`)}>
                  Search held actions for “{typed}”
                </Item>
              ) : null}
              {[...home, ...WORK, ...setup].map(({ href, label, icon: Icon }) => (
                <Item key={href} icon={<Icon />} onRun={go(href)}>
                  {label}
                </Item>
              ))}
              <Item icon={<ArrowRight />} onRun={go('/inbox?view=decided')}>
                Recently decided
              </Item>
              <Item icon={<UserRound />} onRun={go('/account')}>
                Your account: password and sessions
              </Item>
              <Item icon={<OctagonPause className="!text-danger-text" />} onRun={run(() => onHalt())}>
                Halt everything…
              </Item>
              {subjects.map((subject) => (
                <Item key={subject.id} icon={<OctagonPause />} onRun={run(() => onHalt(subject))}>
                  Halt {subject.name}… <span className="text-faint">{subject.scope}</span>
                </Item>
              ))}
              <Item icon={<Keyboard />} onRun={run(onShortcuts)}>
                Shortcuts
              </Item>
            </Command.List>
          </Command>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
