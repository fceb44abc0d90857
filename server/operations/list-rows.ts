import { z } from 'zod';
import type { Footprint, RowImage } from '@/server/domain/footprint';
import { classOf, maskRow, type Sight, sightOf } from '@/server/domain/masking';
import { accept, type Outcome, refuse } from '@/server/domain/refusal';
import type { ReviewerScope } from '@/server/domain/scopes';
import { storable } from '@/server/domain/storable-text';
import type { RowsPage } from '@/server/domain/views';
import { OPEN_TO_PEOPLE } from '@/server/domain/vocabulary';
import { append } from '@/server/store/audit';
import { inTransaction } from '@/server/store/database';
import { listChunkSizes, openChunk } from '@/server/store/evidence';
import { findMeasured, listRevealedClasses, recordFirstView } from '@/server/store/reveals';
import type { Deps } from './deps';

export const listRowsInput = z.strictObject({
  actionId: storable(z.string().min(1).max(100)),
  footprintDigest: z.string().min(1).max(200),
  resource: z.string().max(200).optional(),
  operation: z.enum(['read', 'insert', 'update', 'delete']).optional(),
  cursor: z
    .string()
    .regex(/^\d{1,6}:\d{1,6}$/, 'is not a cursor this list gave out')
    .optional(),
  limit: z.number().int().min(1).max(500).default(200),
});
export type ListRowsInput = z.infer<typeof listRowsInput>;

type Column = RowsPage['tables'][string][number];
type Page = { images: RowImage[]; next: string | null };

/** Reads on from a place in the sealed chunks until the page is full; a filter may skip whole chunks, so it is bounded by the chunks kept. */
async function readPage(
  deps: Deps,
  workspaceId: string,
  input: ListRowsInput,
  chunks: number,
): Promise<Page> {
  const [startChunk, startIndex] = (input.cursor ?? '0:0').split(':').map(Number) as [number, number];
  const images: RowImage[] = [];
  let skip = startIndex;
  for (let chunk = startChunk; chunk < chunks; chunk += 1) {
    const opened = await openChunk(
      deps.db,
      deps.vault,
      workspaceId,
      input.actionId,
      input.footprintDigest,
      chunk,
    );
    for (const [index, image] of (opened ?? []).entries()) {
      if (index < skip) continue;
      if (images.length === input.limit) return { images, next: `${chunk}:${index}` };
      const fits =
        (input.resource === undefined || image.resource === input.resource) &&
        (input.operation === undefined || image.operation === input.operation);
      if (fits) images.push(image);
    }
    skip = 0;
  }
  return { images, next: null };
}

function tablesOf(images: readonly RowImage[], footprint: Footprint): RowsPage['tables'] {
  const tables: RowsPage['tables'] = {};
  for (const image of images) {
    const known = tables[image.resource] ?? [];
    const seen = new Set(known.map((c) => c.column));
    for (const column of [...Object.keys(image.before ?? {}), ...Object.keys(image.after ?? {})]) {
      if (seen.has(column)) continue;
      seen.add(column);
      known.push({ column, classification: classOf(footprint.columnClasses ?? {}, image.resource, column) });
    }
    tables[image.resource] = known;
  }
  return tables;
}

const ROW_NUMBER = /^row \d+$/;

/**
 * A key is made of values: it may be seen only where every column that can stand in it may be. One without column names (a table without a
 * primary key shows its values instead) counts as all of them.
 */
function isKeyShown(
  image: RowImage,
  columns: readonly Column[],
  footprint: Footprint | null,
  sight: Sight,
): boolean {
  if (ROW_NUMBER.test(image.key)) return true;
  const known = Object.entries(footprint?.columnClasses?.[image.resource] ?? {});
  const all = [...columns, ...known.map(([column, classification]) => ({ column, classification }))];
  const named = all.filter(
    (c) => image.key.startsWith(`${c.column}=`) || image.key.includes(`, ${c.column}=`),
  );
  return (named.length === 0 ? all : named).every((c) => sightOf(c.classification, sight) === 'shown');
}

/** Looking at guarded data is itself an access (P10): recorded once per person and footprint, before the data leaves. */
async function recordView(
  deps: Deps,
  person: ReviewerScope,
  input: ListRowsInput,
  classes: string[],
): Promise<void> {
  if (classes.length === 0) return;
  await inTransaction(deps.db, async (tx) => {
    const { workspaceId, personId } = person;
    if (!(await recordFirstView(tx, workspaceId, personId, input.actionId, input.footprintDigest, classes)))
      return;
    await append(tx, {
      workspaceId,
      actionId: input.actionId,
      footprintDigest: input.footprintDigest,
      kind: 'data.viewed',
      actor: { kind: 'person', id: personId, name: person.name },
      data: { classes },
    });
  });
}

/** A page of the rows behind a footprint as this person may see them: masking happens here, on the server, and views are recorded first. */
export async function listRows(
  deps: Deps,
  person: ReviewerScope,
  input: ListRowsInput,
): Promise<Outcome<RowsPage>> {
  const { workspaceId } = person;
  const measured = await findMeasured(deps.db, workspaceId, input.actionId);
  if (!measured) return refuse('action_unknown', 'There is no such planned action in your workspace.');
  if (!measured.footprint || measured.footprintDigest !== input.footprintDigest) {
    return refuse(
      'digest_conflict',
      'The action was measured again since. Reload to see the rows as they are now.',
    );
  }
  const sizes = await listChunkSizes(deps.db, workspaceId, input.actionId, input.footprintDigest);
  const { images, next } = await readPage(deps, workspaceId, input, sizes.length);
  const revealed = await listRevealedClasses(deps.db, person.personId, input.actionId, input.footprintDigest);
  const sight: Sight = { clearances: person.clearances, revealed: new Set(revealed) };
  const tables = tablesOf(images, measured.footprint);
  const shown = new Set(
    Object.values(tables)
      .flat()
      .map((c) => c.classification)
      .filter((c) => !OPEN_TO_PEOPLE.has(c) && sightOf(c, sight) === 'shown'),
  );
  await recordView(deps, person, input, [...shown].sort());
  const rows = images.map((image) => {
    const columns = tables[image.resource] ?? [];
    return maskRow(image, columns, sight, isKeyShown(image, columns, measured.footprint, sight));
  });
  return accept({
    tables,
    rows,
    total: measured.imagesTotal,
    kept: sizes.reduce((sum, size) => sum + size, 0),
    nextCursor: next,
  });
}
