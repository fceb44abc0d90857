import { DECIDED, type InboxFilters } from './inbox-filters';

const PAGE_SIZE = 50;

/** What the API is asked for a view and its filters; the server's first page and the browser's later ones ask the same. */
export function listInput(filters: InboxFilters) {
  const q = filters.q.trim();
  return {
    limit: PAGE_SIZE,
    ...(filters.view === 'needs-you' ? { needsMe: true } : {}),
    ...(filters.view === 'others' ? { status: 'held' as const, needsMe: false } : {}),
    ...(filters.view === 'held' ? { status: 'held' as const } : {}),
    ...(filters.view === 'decided' ? { status: [...DECIDED] } : {}),
    ...(filters.level ? { level: filters.level } : {}),
    ...(filters.agent ? { agentId: filters.agent } : {}),
    ...(q ? { q } : {}),
  };
}
