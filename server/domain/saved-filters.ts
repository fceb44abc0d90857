import { z } from 'zod';
import { storable } from './storable-text';
import { INBOX_VIEWS, LEVELS } from './vocabulary';

/** What a saved view shows: the same as the inbox's address says. */
export const savedFilters = z.strictObject({
  view: z.enum(INBOX_VIEWS),
  level: z.enum(LEVELS).nullable(),
  agent: storable(z.string().max(100)).nullable(),
  q: storable(z.string().trim().max(200)),
});
export type SavedFilters = z.infer<typeof savedFilters>;

export type SavedViewView = { viewId: string; name: string; filters: SavedFilters };
