import { constants as flags } from 'node:fs';
import { chmod, link, mkdir, open, rename, rmdir, unlink } from 'node:fs/promises';
import { atPath, factOf } from './file-facts';
import type { FileChange } from './file-plan';
import { type Folder, within } from './folder';
import { codeOf, TreeFault } from './tree-fault';

const ALL = Number.MAX_SAFE_INTEGER;

/** Takes one step back; kept in the order in which steps were made. */
type Undo = () => Promise<void>;

/** Where an execution keeps what it replaces, so that it can put it back or say what it did. */
export type Store = { folder: Folder; undo: Undo[] };

/** Hashes a name in the store and compares it with what was approved. */
async function isStill(store: Store, kept: string, sha256: string): Promise<boolean> {
  const handle = await open(store.folder.at(kept), flags.O_RDONLY | flags.O_NOFOLLOW);
  try {
    return (await factOf(handle, kept, { limit: ALL, keep: 0 })).sha256 === sha256;
  } finally {
    await handle.close();
  }
}

const moved = (path: string): TreeFault =>
  new TreeFault('moved', `${path} is not what was approved any more.`);

async function writeDraft(store: Store, draft: string, content: Buffer, mode: number): Promise<void> {
  const handle = await open(
    store.folder.at(draft),
    flags.O_WRONLY | flags.O_CREAT | flags.O_EXCL | flags.O_NOFOLLOW,
    0o600,
  );
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await chmod(store.folder.at(draft), mode);
}

/**
 * Does one change so that it can be taken back, and only if the file is what was approved at the very moment it is taken hold of: it is first
 * moved or linked into the store, where nobody else finds it, and compared there.
 */
export async function carryOut(root: Folder, store: Store, change: FileChange, index: number): Promise<void> {
  switch (change.operation) {
    case 'read':
      return;
    case 'delete':
      return remove(root, store, change, index);
    case 'insert':
      return create(root, store, change, index);
    case 'update':
      return replace(root, store, change, index);
    case 'move':
      return relocate(root, store, change);
  }
}

async function remove(
  root: Folder,
  store: Store,
  { path, before }: FileChange,
  index: number,
): Promise<void> {
  const kept = `${index}.old`;
  await atPath(root, path, async (folder, name) => {
    await rename(folder.at(name), store.folder.at(kept)).catch((error: unknown) => {
      throw codeOf(error) === 'ENOENT' ? moved(path) : error;
    });
    await folder.sync();
  });
  store.undo.push(() =>
    atPath(root, path, async (folder, name) => {
      // Never over something that came in between: then both are kept, and people are told.
      await link(store.folder.at(kept), folder.at(name));
      await unlink(store.folder.at(kept));
    }),
  );
  if (before === null || !(await isStill(store, kept, before.sha256))) throw moved(path);
}

async function create(root: Folder, store: Store, change: FileChange, index: number): Promise<void> {
  const draft = `${index}.new`;
  await writeDraft(store, draft, change.after ?? Buffer.alloc(0), change.mode ?? 0o644);
  await makeFolders(root, store, change.path);
  await atPath(root, change.path, async (folder, name) => {
    await link(store.folder.at(draft), folder.at(name)).catch((error: unknown) => {
      throw codeOf(error) === 'EEXIST' ? moved(change.path) : error;
    });
    store.undo.push(() => atPath(root, change.path, (at, file) => unlink(at.at(file))));
    await folder.sync();
  });
  await unlink(store.folder.at(draft));
}

async function replace(root: Folder, store: Store, change: FileChange, index: number): Promise<void> {
  const { path, before, after } = change;
  if (before === null || after === null) throw moved(path);
  const [draft, kept] = [`${index}.new`, `${index}.old`];
  await writeDraft(store, draft, after, change.mode ?? before.mode);
  await atPath(root, path, async (folder, name) => {
    await link(folder.at(name), store.folder.at(kept)).catch((error: unknown) => {
      throw codeOf(error) === 'ENOENT' ? moved(path) : error;
    });
    if (!(await isStill(store, kept, before.sha256))) throw moved(path);
    await rename(store.folder.at(draft), folder.at(name));
    store.undo.push(() => atPath(root, path, (at, file) => rename(store.folder.at(kept), at.at(file))));
    await folder.sync();
  });
}

async function relocate(root: Folder, store: Store, change: FileChange): Promise<void> {
  const { path, before } = change;
  const to = change.to ?? '';
  await makeFolders(root, store, to);
  await atPath(root, path, (from, name) =>
    atPath(root, to, async (folder, other) => {
      await link(from.at(name), folder.at(other)).catch((error: unknown) => {
        throw ['EEXIST', 'ENOENT'].includes(codeOf(error)) ? moved(path) : error;
      });
      store.undo.push(() => atPath(root, to, (at, file) => unlink(at.at(file))));
      const handle = await open(folder.at(other), flags.O_RDONLY | flags.O_NOFOLLOW);
      try {
        const now = await factOf(handle, to, { limit: ALL, keep: 0 });
        if (now.sha256 !== before?.sha256) throw moved(path);
      } finally {
        await handle.close();
      }
      await unlink(from.at(name));
      store.undo.push(() =>
        atPath(root, to, (at, file) => atPath(root, path, (back, own) => link(at.at(file), back.at(own)))),
      );
      await Promise.all([folder.sync(), from.sync()]);
    }),
  );
}

/** Folders a new file needs. Those made here are taken away again when the execution is taken back. */
async function makeFolders(root: Folder, store: Store, path: string): Promise<void> {
  const folders = path.split('/').slice(0, -1);
  for (let depth = 0; depth < folders.length; depth++) {
    const above = folders.slice(0, depth);
    const name = folders[depth] ?? '';
    await within(root, above, async (folder) => {
      if (await folder.has(name)) return;
      await mkdir(folder.at(name), { mode: 0o755 });
      store.undo.push(() => within(root, above, (at) => rmdir(at.at(name))));
    });
  }
}
