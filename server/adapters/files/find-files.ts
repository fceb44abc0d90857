import { agentGlob, type TreeRules } from './file-paths';
import type { Folder } from './folder';

const ENTRIES_MAX = 50_000;
const DEPTH_MAX = 40;

/** What a glob finds. `left` counts links and special files that match and are never touched; `whole` false: there was too much to look at. */
export type Found = { paths: string[]; left: number; whole: boolean };

/** Every plain file of the tree that matches, by name. Links are never followed. Stops after `max`. */
export async function findFiles(
  root: Folder,
  rules: TreeRules,
  matches: (path: string) => boolean,
  max: number,
): Promise<Found> {
  const found: Found = { paths: [], left: 0, whole: true };
  let entries = 0;
  const walk = async (folder: Folder, prefix: string, depth: number): Promise<void> => {
    for (const { name, kind } of await folder.names()) {
      const path = prefix === '' ? name : `${prefix}/${name}`;
      entries++;
      found.whole &&= entries <= ENTRIES_MAX && found.paths.length <= max && depth <= DEPTH_MAX;
      if (!found.whole) return;
      if (kind === 'folder') await into(folder, name, path, depth);
      else take(path, kind);
    }
  };
  const take = (path: string, kind: 'file' | 'other'): void => {
    if (!rules.reaches(path) || !matches(path)) return;
    if (kind === 'file') found.paths.push(path);
    else found.left++;
  };
  const into = async (folder: Folder, name: string, path: string, depth: number): Promise<void> => {
    if (!isOpen(path)) return;
    const next = await folder.folder(name);
    try {
      await walk(next, path, depth + 1);
    } finally {
      await next.close();
    }
  };
  await walk(root, '', 0);
  return found;
}

/** Version control's own folders and Holdpoint's are not even looked into. */
const isOpen = (path: string): boolean => !/(?:^|\/)(?:\.git|\.holdpoint-[^/]*)$/i.test(path);

export const everything = (): boolean => true;
export const matching = (glob: string): ((path: string) => boolean) => agentGlob(glob);
