import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { type Folder, within } from './folder';
import { TreeFault } from './tree-fault';

/** What one file is at one moment. */
export type FileFact = {
  path: string;
  bytes: number;
  mode: number;
  sha256: string;
  /** How git would name this content, in both of its algorithms: compared without running git's filters. */
  blobs: readonly [sha1: string, sha256: string];
  /** The bytes themselves, where they were small enough or asked for. */
  content: Buffer | null;
};

const splitPath = (path: string): { folders: string[]; name: string } => {
  const folders = path.split('/');
  return { name: folders.pop() ?? '', folders };
};

/** Reads and hashes one file of the tree, and keeps its bytes up to `keep`. Larger than `limit` is refused before it is read. */
export async function readFact(
  root: Folder,
  path: string,
  bounds: { limit: number; keep: number },
): Promise<FileFact> {
  const { folders, name } = splitPath(path);
  return within(root, folders, async (folder) => {
    const handle = await folder.file(name);
    try {
      return await factOf(handle, path, bounds);
    } finally {
      await handle.close();
    }
  });
}

export async function factOf(
  handle: FileHandle,
  path: string,
  bounds: { limit: number; keep: number },
): Promise<FileFact> {
  const { size, mode } = await handle.stat();
  if (size > bounds.limit)
    throw new TreeFault('too_large', `${path} is larger than what may be touched at once.`);
  const hashes = [
    createHash('sha256'),
    createHash('sha1').update(`blob ${size}\0`),
    createHash('sha256').update(`blob ${size}\0`),
  ];
  const kept: Buffer[] = [];
  let read = 0;
  for await (const chunk of handle.createReadStream({ autoClose: false, start: 0 })) {
    const bytes = chunk as Buffer;
    read += bytes.length;
    if (read > size) throw new TreeFault('moved', `${path} is being written to.`);
    for (const hash of hashes) hash.update(bytes);
    if (size <= bounds.keep) kept.push(bytes);
  }
  if (read !== size) throw new TreeFault('moved', `${path} is being written to.`);
  const [sha256 = '', blob1 = '', blob2 = ''] = hashes.map((hash) => hash.digest('hex'));
  return {
    path,
    bytes: size,
    mode: mode & 0o7777,
    sha256,
    blobs: [blob1, blob2],
    content: size <= bounds.keep ? Buffer.concat(kept) : null,
  };
}

export const hashBytes = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Runs `work` in the folder of a path, with the name at its end. */
export function atPath<T>(
  root: Folder,
  path: string,
  work: (folder: Folder, name: string) => Promise<T>,
): Promise<T> {
  const { folders, name } = splitPath(path);
  return within(root, folders, (folder) => work(folder, name));
}
