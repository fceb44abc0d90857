import { z } from 'zod';
import type { Page } from '@/server/domain/catalog-views';
import { accept, type Outcome, refuse } from '@/server/domain/refusal';

export const pageInput = z
  .strictObject({
    /** What the last page answered as `nextCursor`. */
    cursor: z.string().max(600).optional(),
    limit: z.number().int().min(1).max(200).default(50),
    /** Words to find in names and addresses. */
    q: z.string().trim().max(200).optional(),
  })
  .default({ limit: 50 });
export type PageInput = z.infer<typeof pageInput>;

/** What stores are asked for: names after `after`, one more than shown. */
export type NamePage = { after: string | null; limit: number; q: string | null };

/**
 * One page of something listed by name. The cursor is the last name shown, so that it stays valid while entries come and go; one that is
 * not ours is refused.
 */
export async function pageByName<Item>(
  input: PageInput,
  list: (page: NamePage) => Promise<Item[]>,
  nameOf: (item: Item) => string,
): Promise<Outcome<Page<Item>>> {
  const after = input.cursor === undefined ? null : decodeCursor(input.cursor);
  if (after === undefined) {
    return refuse('cursor_invalid', 'This cursor is not one this list gave out. Start again without it.');
  }
  const rows = await list({ after, limit: input.limit + 1, q: input.q || null });
  const items = rows.slice(0, input.limit);
  const last = items.at(-1);
  const more = rows.length > input.limit && last !== undefined;
  return accept({ items, nextCursor: more ? encodeCursor(nameOf(last)) : null });
}

const encodeCursor = (name: string): string => Buffer.from(`n:${name}`, 'utf8').toString('base64url');

function decodeCursor(cursor: string): string | undefined {
  const text = Buffer.from(cursor, 'base64url').toString('utf8');
  return text.startsWith('n:') && encodeCursor(text.slice(2)) === cursor ? text.slice(2) : undefined;
}
