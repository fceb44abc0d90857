import { existsSync, constants as flags } from 'node:fs';
import { type FileHandle, lstat, mkdir, open, readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf, TreeFault } from './tree-fault';

/** Linux names an open folder by its descriptor: a name below it cannot lead elsewhere, whatever is exchanged meanwhile. */
const DESCRIPTORS = existsSync('/proc/self/fd');

/**
 * An open folder of a tree. Everything below is reached from its descriptor one component at a time and never through a link, so that nothing
 * put in place between looking and acting leads out of the tree.
 */
export class Folder {
  private constructor(
    private readonly handle: FileHandle,
    private readonly path: string,
  ) {}

  /** The root as the operator named it. What the root itself is reached through is the operator's business. */
  static async root(path: string): Promise<Folder> {
    const real = await realpath(path);
    return new Folder(await open(real, flags.O_RDONLY | flags.O_DIRECTORY), real);
  }

  /** A name below this folder, for calls that do not follow links at the end. */
  at(name: string): string {
    return DESCRIPTORS ? `/proc/self/fd/${this.handle.fd}/${name}` : join(this.path, name);
  }

  async names(): Promise<{ name: string; kind: 'file' | 'folder' | 'other' }[]> {
    const entries = await readdir(this.at('.'), { withFileTypes: true });
    return entries
      .map((e) => ({
        name: e.name,
        kind: e.isFile() ? ('file' as const) : e.isDirectory() ? ('folder' as const) : ('other' as const),
      }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Whether the name is spelled exactly so in this folder: file systems that ignore case would answer to several. */
  private async isExact(name: string): Promise<boolean> {
    return (await readdir(this.at('.'))).includes(name);
  }

  async folder(name: string): Promise<Folder> {
    let handle: FileHandle;
    try {
      handle = await open(this.at(name), flags.O_RDONLY | flags.O_DIRECTORY | flags.O_NOFOLLOW);
    } catch (error) {
      throw await this.explain(error, name);
    }
    const folder = new Folder(handle, join(this.path, name));
    try {
      await this.verify(folder.handle, name);
      return folder;
    } catch (error) {
      await folder.close();
      throw error;
    }
  }

  /** Opens a plain file to read. Links, devices, pipes and files that are linked from elsewhere too are refused. */
  async file(name: string): Promise<FileHandle> {
    let handle: FileHandle;
    try {
      handle = await open(this.at(name), flags.O_RDONLY | flags.O_NOFOLLOW | flags.O_NONBLOCK);
    } catch (error) {
      throw await this.explain(error, name);
    }
    try {
      const found = await handle.stat();
      if (found.isDirectory()) throw new TreeFault('is_folder', `${name} is a folder.`);
      if (!found.isFile()) throw new TreeFault('escape', `${name} is not a plain file.`);
      if (found.nlink > 1)
        throw new TreeFault('escape', `${name} is the same file as one elsewhere (a hard link).`);
      await this.verify(handle, name);
      return handle;
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  async has(name: string): Promise<boolean> {
    try {
      await lstat(this.at(name));
      return true;
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return false;
      throw error;
    }
  }

  async make(name: string, mode = 0o777): Promise<Folder> {
    await mkdir(this.at(name), { mode });
    return this.folder(name);
  }

  /** What was written below is on the disk afterwards. */
  async sync(): Promise<void> {
    await this.handle.sync();
  }

  async close(): Promise<void> {
    await this.handle.close();
  }

  private async verify(handle: FileHandle, name: string): Promise<void> {
    if (!(await this.isExact(name)))
      throw new TreeFault('missing', `There is no ${name}; only a name spelled differently.`);
    if (DESCRIPTORS) return;
    // Without descriptors the way here could have been exchanged: what was opened must be what stands there, reached without a link.
    const [opened, named] = await Promise.all([handle.stat(), lstat(this.at(name))]);
    if (
      opened.ino !== named.ino ||
      opened.dev !== named.dev ||
      (await realpath(this.at(name))) !== this.at(name)
    ) {
      throw new TreeFault('escape', `${name} leads through a link.`);
    }
  }

  private async explain(error: unknown, name: string): Promise<unknown> {
    const code = codeOf(error);
    if (code === 'ENOENT') return new TreeFault('missing', `There is no ${name}.`);
    if (code === 'ELOOP' || code === 'EMLINK') return new TreeFault('escape', `${name} is a link.`);
    if (code === 'ENXIO' || code === 'ENODEV') return new TreeFault('escape', `${name} is not a plain file.`);
    if (code !== 'ENOTDIR') return error;
    const found = await lstat(this.at(name)).catch(() => null);
    return found?.isSymbolicLink() === true
      ? new TreeFault('escape', `${name} is a link.`)
      : new TreeFault('missing', `${name} is no folder.`);
  }
}

/** Opens the folders of a path one after the other and hands over the last; all are closed afterwards. */
export async function within<T>(
  root: Folder,
  folders: readonly string[],
  work: (folder: Folder) => Promise<T>,
): Promise<T> {
  const [name, ...rest] = folders;
  if (name === undefined) return work(root);
  const next = await root.folder(name);
  try {
    return await within(next, rest, work);
  } finally {
    await next.close();
  }
}
