'use client';
import { Ellipsis } from 'lucide-react';
import { usePathname } from 'next/navigation';
import { useState } from 'react';
import { cn } from '@/components/ui/cn';
import { Link } from '@/components/ui/link';
import { Sheet } from '@/components/ui/sheet';
import { isCurrent, type NavItem, useHome, useSetup, WORK } from './nav-items';

const ITEM = 'relative flex min-h-14 flex-1 flex-col items-center justify-center gap-1 text-xs';

function Entry({ item, badge }: { item: NavItem; badge: string | null }) {
  const current = isCurrent(item, usePathname());
  const Icon = item.icon;
  return (
    <Link
      href={item.href}
      aria-current={current ? 'page' : undefined}
      className={cn(ITEM, current ? 'font-medium text-ink' : 'text-faint')}
    >
      <span className="relative">
        <Icon aria-hidden className="size-5" />
        {badge ? (
          <span className="tabular absolute -top-1.5 left-3 rounded-full bg-hold px-1.5 font-semibold text-2xs text-[oklch(0.2_0.04_50)] leading-4">
            {badge}
            <span className="sr-only"> need you,</span>
          </span>
        ) : null}
      </span>
      {item.label}
    </Link>
  );
}

/** Navigation under the thumb. It gives its place to the decision bar on the page of an action. */
export function BottomNav({ needsMe }: { needsMe: string | null }) {
  const pathname = usePathname();
  const home = useHome();
  const setup = useSetup();
  const [open, setOpen] = useState(false);
  if (pathname.startsWith('/actions/')) return null;
  return (
    <nav
      aria-label="Main"
      className="sticky bottom-0 z-30 flex border-line border-t bg-raised pb-[env(safe-area-inset-bottom)] md:hidden"
    >
      {WORK.map((item) => (
        <Entry key={item.href} item={item} badge={item.href === '/inbox' ? needsMe : null} />
      ))}
      <Sheet
        open={open}
        onOpenChange={setOpen}
        title="Set up"
        trigger={
          <button type="button" className={cn(ITEM, 'text-faint')}>
            <Ellipsis aria-hidden className="size-5" />
            More
          </button>
        }
      >
        <ul className="space-y-1">
          {[...home, ...setup].map(({ href, label, icon: Icon }) => (
            <li key={href}>
              <Link
                href={href}
                onClick={() => setOpen(false)}
                className="flex min-h-11 items-center gap-3 rounded-md px-2 text-lg hover:bg-hover"
              >
                <Icon aria-hidden className="size-5 text-faint" /> {label}
              </Link>
            </li>
          ))}
        </ul>
      </Sheet>
    </nav>
  );
}
