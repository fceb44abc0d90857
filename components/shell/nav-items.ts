import {
  Bot,
  Contact,
  Crosshair,
  Database,
  Footprints,
  House,
  Inbox,
  type LucideIcon,
  OctagonPause,
  Repeat,
  Scale,
  ScrollText,
  Send,
  Users,
  Wrench,
} from 'lucide-react';
import { hasRole, useMe } from '@/components/api/me';
import type { Role } from '@/server/domain/vocabulary';

export type NavItem = { href: string; label: string; icon: LucideIcon };

/** For those who answer for the workspace, or look after them. */
const HOME: NavItem = { href: '/home', label: 'Home', icon: House };
const HOME_ROLES: readonly Role[] = ['owner', 'security_lead', 'auditor'];
/** What one does here every day, and below it what one sets up once. */
export const WORK: NavItem[] = [
  { href: '/inbox', label: 'Inbox', icon: Inbox },
  { href: '/runs', label: 'Runs', icon: Footprints },
  { href: '/audit', label: 'Audit log', icon: ScrollText },
  { href: '/halts', label: 'Halts', icon: OctagonPause },
];
const SETUP: NavItem[] = [
  { href: '/grants', label: 'Grants', icon: Repeat },
  { href: '/policy', label: 'Policy', icon: Scale },
  { href: '/agents', label: 'Agents', icon: Bot },
  { href: '/targets', label: 'Targets', icon: Database },
  { href: '/tools', label: 'Tools', icon: Wrench },
  { href: '/people', label: 'People', icon: Users },
  { href: '/directory', label: 'Directory', icon: Contact },
  { href: '/deliveries', label: 'Deliveries', icon: Send },
];

/** Planned actions belong to the inbox: its entry stays marked on their pages. */
export const isCurrent = (item: NavItem, pathname: string): boolean =>
  pathname.startsWith(item.href) || (item.href === '/inbox' && pathname.startsWith('/actions'));

const DRILLS: NavItem = { href: '/drills', label: 'Drills', icon: Crosshair };

/** What one sets up once; with what only those who answer for the workspace do. */
export const useSetup = (): NavItem[] =>
  hasRole(useMe(), 'owner', 'security_lead') ? [...SETUP.slice(0, 2), DRILLS, ...SETUP.slice(2)] : SETUP;

/** Home, for whom it is. */
export const useHome = (): NavItem[] => (hasRole(useMe(), ...HOME_ROLES) ? [HOME] : []);
