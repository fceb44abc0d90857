'use client';
import { OctagonPause, Search } from 'lucide-react';
import { BrandMark } from '@/components/ui/brand-mark';
import { Button } from '@/components/ui/button';
import { Kbd } from '@/components/ui/kbd';
import { Link } from '@/components/ui/link';
import { useShell } from './shell-context';
import { UserMenu } from './user-menu';

/** Search and the halt control, in the same place on every page. */
export function TopBar() {
  const { openPalette, openHalt } = useShell();
  return (
    <header className="sticky top-0 z-30 flex h-13 items-center gap-2 border-line border-b bg-page px-4 sm:px-6">
      <Link href="/inbox" aria-label="Holdpoint, inbox" className="rounded-md p-1 md:hidden">
        <BrandMark className="size-6" />
      </Link>
      <button
        type="button"
        onClick={openPalette}
        className="flex h-8.5 min-w-0 flex-1 items-center gap-2 rounded-md border border-line bg-surface px-3 text-faint text-sm hover:border-line-strong sm:max-w-80 pointer-coarse:h-10"
      >
        <Search aria-hidden className="size-4 shrink-0" />
        <span className="truncate">Go to, find an action by id</span>
        <span className="ml-auto hidden gap-1 sm:flex">
          <Kbd>Ctrl</Kbd>
          <Kbd>K</Kbd>
        </span>
      </button>
      <span className="ml-auto" />
      <Button variant="outline-danger" size="sm" onClick={() => openHalt()}>
        <OctagonPause /> Halt
      </Button>
      <div className="md:hidden">
        <UserMenu compact />
      </div>
    </header>
  );
}
