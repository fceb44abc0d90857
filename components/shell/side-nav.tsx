'use client';
import { usePathname } from 'next/navigation';
import { BrandMark } from '@/components/ui/brand-mark';
import { cn } from '@/components/ui/cn';
import { Link } from '@/components/ui/link';
import { LiveMark } from './live-mark';
import { isCurrent, type NavItem, useHome, useSetup, WORK } from './nav-items';
import { UserMenu } from './user-menu';

function Entry({ item, badge }: { item: NavItem; badge?: string | null }) {
  const current = isCurrent(item, usePathname());
  const Icon = item.icon;
  return (
    <li>
      <Link
        href={item.href}
        aria-current={current ? 'page' : undefined}
        className={cn(
          'flex h-8.5 items-center gap-2.5 rounded-md px-2.5 text-base transition-colors',
          current ? 'bg-selected font-medium text-ink' : 'text-soft hover:bg-hover hover:text-ink',
        )}
      >
        <Icon aria-hidden className={cn('size-4', current ? 'text-ink' : 'text-faint')} />
        {item.label}
        {badge ? (
          <span className="tabular ml-auto rounded-sm bg-hold px-1.5 font-semibold text-[oklch(0.2_0.04_50)] text-xs">
            {badge}
            <span className="sr-only"> need you</span>
          </span>
        ) : null}
      </Link>
    </li>
  );
}

/** Navigation at the left of a wide screen. */
export function SideNav({ workspace, needsMe }: { workspace: string; needsMe: string | null }) {
  return (
    <nav
      aria-label="Main"
      className="sticky top-0 hidden h-dvh w-58 shrink-0 flex-col border-line border-r bg-page px-3 py-4 md:flex"
    >
      <Link href="/inbox" className="flex items-center gap-2.5 rounded-md px-2 py-1">
        <BrandMark className="size-6" />
        <span className="min-w-0 leading-tight">
          <span className="block font-semibold text-base tracking-tight">Holdpoint</span>
          <span className="block truncate text-faint text-xs">{workspace}</span>
        </span>
      </Link>
      <ul className="mt-6 space-y-0.5">
        {[...useHome(), ...WORK].map((item) => (
          <Entry key={item.href} item={item} badge={item.href === '/inbox' ? needsMe : null} />
        ))}
      </ul>
      <p className="mt-6 mb-1 px-2.5 font-medium text-faint text-xs">Set up</p>
      <ul className="space-y-0.5">
        {useSetup().map((item) => (
          <Entry key={item.href} item={item} />
        ))}
      </ul>
      <div className="mt-auto space-y-1">
        <LiveMark />
        <UserMenu />
      </div>
    </nav>
  );
}
