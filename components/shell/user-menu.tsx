'use client';
import { ChevronsUpDown, Keyboard, LogOut, Monitor, Moon, Sun, UserRound } from 'lucide-react';
import { useTheme } from 'next-themes';
import { useMe } from '@/components/api/me';
import { signOut } from '@/components/sign-in/session-requests';
import { ClassChips } from '@/components/ui/class-chip';
import { Link } from '@/components/ui/link';
import { Menu, MenuItem, MenuLabel, MenuSeparator } from '@/components/ui/menu';
import { useShell } from './shell-context';

const THEMES = [
  { value: 'light', label: 'Light', icon: Sun },
  { value: 'dark', label: 'Dark', icon: Moon },
  { value: 'system', label: 'As the system', icon: Monitor },
] as const;

const initials = (name: string): string =>
  name
    .split(/\s+/)
    .map((part) => part[0] ?? '')
    .slice(0, 2)
    .join('')
    .toUpperCase();

/** Who one is here, what one may see, how it looks, and the way out. */
export function UserMenu({ compact }: { compact?: boolean }) {
  const me = useMe();
  const { theme, setTheme } = useTheme();
  const { openShortcuts } = useShell();
  return (
    <Menu
      align={compact ? 'end' : 'start'}
      trigger={
        <button
          type="button"
          aria-label={compact ? `${me.name}: account and theme` : undefined}
          className="flex w-full items-center gap-2.5 rounded-md px-2 py-1.5 text-left hover:bg-hover"
        >
          <span
            aria-hidden
            className="flex size-7 shrink-0 items-center justify-center rounded-full bg-ink font-medium text-page text-xs"
          >
            {initials(me.name)}
          </span>
          {compact ? null : (
            <>
              <span className="min-w-0 flex-1 leading-tight">
                <span className="block truncate font-medium text-sm">{me.name}</span>
                <span className="block truncate text-faint text-xs">
                  {me.roles.join(', ').replaceAll('_', ' ')}
                </span>
              </span>
              <ChevronsUpDown aria-hidden className="size-3.5 text-faint" />
            </>
          )}
        </button>
      }
    >
      <MenuLabel>{me.email}</MenuLabel>
      <div className="max-w-64 px-2.5 pb-2">
        <p className="mb-1 text-faint text-xs">Cleared for</p>
        <ClassChips names={[...new Set(['public', 'internal', ...me.clearances])]} />
      </div>
      <MenuSeparator />
      {THEMES.map(({ value, label, icon: Icon }) => (
        <MenuItem key={value} onSelect={() => setTheme(value)}>
          <Icon aria-hidden /> {label}
          {theme === value ? <span className="ml-auto text-faint text-sm">now</span> : null}
        </MenuItem>
      ))}
      <MenuSeparator />
      <MenuItem asChild>
        <Link href="/account">
          <UserRound aria-hidden /> Your account
        </Link>
      </MenuItem>
      <MenuItem onSelect={openShortcuts} className="max-md:hidden">
        <Keyboard aria-hidden /> Shortcuts
      </MenuItem>
      <MenuItem onSelect={() => void signOut()}>
        <LogOut aria-hidden /> Sign out
      </MenuItem>
    </Menu>
  );
}
