import { constants as flags } from 'node:fs';
import { open, readFile, rmdir, unlink } from 'node:fs/promises';
import { z } from 'zod';
import type { LookedUp } from '@/server/domain/ports';
import { hashBytes, readFact } from './file-facts';
import type { FileChange } from './file-plan';
import type { Folder } from './folder';
import { TreeFault } from './tree-fault';

const JOURNAL = 'journal.json';
const DONE = 'done';

/** What was about to be done to each file: enough to see afterwards what of it was. Hashes only, no content. */
const journal = z.array(
  z.object({
    operation: z.string(),
    path: z.string(),
    to: z.string().nullable(),
    before: z.string().nullable(),
    after: z.string().nullable(),
  }),
);

async function writeSynced(folder: Folder, name: string, text: string): Promise<void> {
  const handle = await open(
    folder.at(name),
    flags.O_WRONLY | flags.O_CREAT | flags.O_EXCL | flags.O_NOFOLLOW,
    0o600,
  );
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await folder.sync();
}

/** Writes down, durably, what is about to happen. Before this returns nothing may be changed. */
export async function beginJournal(store: Folder, changes: readonly FileChange[]): Promise<void> {
  const lines = changes.map(({ operation, path, to, before, after }) => ({
    operation,
    path,
    to,
    before: before?.sha256 ?? null,
    after: after === null ? null : hashBytes(after),
  }));
  await writeSynced(store, JOURNAL, JSON.stringify(lines));
}

/** Everything was done: from here on a crash leaves a success behind. */
export const closeJournal = (store: Folder): Promise<void> => writeSynced(store, DONE, '');

/** Removes what an execution kept, files first. */
export async function clearStore(root: Folder, store: Folder, name: string): Promise<void> {
  for (const { name: kept } of await store.names()) await unlink(store.at(kept));
  await rmdir(root.at(name));
}

async function hashAt(root: Folder, path: string): Promise<string | null> {
  try {
    return (await readFact(root, path, { limit: Number.MAX_SAFE_INTEGER, keep: 0 })).sha256;
  } catch (error) {
    if (error instanceof TreeFault) return null;
    throw error;
  }
}

/** Compares the tree with the journal of an execution whose process died. */
export async function readOutcome(root: Folder, store: Folder, name: string): Promise<LookedUp> {
  const names = (await store.names()).map((entry) => entry.name);
  if (names.includes(DONE)) return 'committed';
  if (!names.includes(JOURNAL)) return 'aborted';
  const parsed = journal.safeParse(JSON.parse(await readFile(store.at(JOURNAL), 'utf8').catch(() => 'null')));
  if (!parsed.success) return 'unknown';
  let done = 0;
  for (const { operation, path, to, before, after } of parsed.data) {
    const [now, there] = [await hashAt(root, path), to === null ? null : await hashAt(root, to)];
    const isDone =
      operation === 'delete'
        ? now === null
        : operation === 'move'
          ? now === null && there === before
          : now === after;
    if (isDone) done++;
  }
  const all = parsed.data.length;
  if (done === 0) return 'aborted';
  return `partly: ${done} of ${all} ${all === 1 ? 'file' : 'files'} changed before it stopped; what was replaced is kept in ${name} under the root`;
}
