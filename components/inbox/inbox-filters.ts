import { parseAsString, parseAsStringLiteral } from 'nuqs/server';
import type { Status } from '@/server/domain/status';
import { INBOX_VIEWS, type InboxView, LEVELS } from '@/server/domain/vocabulary';

/** The inbox's state lives in the URL: a filtered queue is a link. */
export const inboxFilters = {
  view: parseAsStringLiteral(INBOX_VIEWS).withDefault('needs-you'),
  level: parseAsStringLiteral(LEVELS),
  agent: parseAsString,
  q: parseAsString.withDefault(''),
};

export type InboxFilters = {
  view: InboxView;
  level: (typeof LEVELS)[number] | null;
  agent: string | null;
  q: string;
};

/** States in which a decision has been given or is no longer possible. */
export const DECIDED: readonly Status[] = [
  'released',
  'executing',
  'succeeded',
  'failed',
  'unknown_outcome',
  'denied',
  'rejected',
  'sent_back',
  'expired',
  'cancelled',
  'revoked',
];
