import type { UnknownFact } from '@/server/domain/footprint';
import { atPath, type FileFact, hashBytes, readFact } from './file-facts';
import { treeRules } from './file-paths';
import type { FilesCall } from './files-call';
import { findFiles, matching } from './find-files';
import { Folder } from './folder';
import { isRestorable, readBlobs, readVersioned, type Versioned } from './git';
import { codeOf, TreeFault } from './tree-fault';
import type { UndoStep } from './undo-steps';

/** What happens to one file. Bytes of `after` are what would be written. */
export type FileChange = {
  operation: 'read' | 'insert' | 'update' | 'delete' | 'move';
  path: string;
  to: string | null;
  before: FileFact | null;
  after: Buffer | null;
  /** Who may read, write and run what is written; absent: as it is, or as new files are. */
  mode?: number;
  classification: string;
  /** Whether what is there now can be brought back. */
  restorable: boolean;
};

export type FilePlan = {
  changes: FileChange[];
  versioned: Versioned | null;
  /** Links and special files a glob met and that are left alone. */
  left: number;
  /** Of an undo: files that are not what the execution left any more, and stay as they are. */
  movedOn: number;
  unknown: UnknownFact | null;
  /** Something that is never touched stands in the way. */
  forbidden: string | null;
};

/** Bytes of a file that are kept although nobody asked for them: what a reviewer can compare. */
export const COMPARED_BYTES = 64 * 1024;

const stopped = (part: Partial<FilePlan>): FilePlan => ({
  changes: [],
  versioned: null,
  left: 0,
  movedOn: 0,
  unknown: null,
  forbidden: null,
  ...part,
});

const FAILS: ReadonlySet<string> = new Set(['missing', 'is_folder', 'exists']);

function whyNot(error: unknown, call: FilesCall): FilePlan {
  if (error instanceof TreeFault) {
    if (error.code === 'escape')
      return stopped({ forbidden: `${error.message} Nothing is ever reached through it.` });
    const code = FAILS.has(error.code) ? 'rehearsal_failed' : 'rehearsal_refused';
    return stopped({ unknown: { code, message: `${error.message} It would fail, and changes nothing.` } });
  }
  const code = codeOf(error);
  if (['EACCES', 'EPERM', 'EIO', 'EMFILE', 'ENOENT', 'ENOTDIR', 'EROFS'].includes(code)) {
    const message = `The tree of ${call.target.name} could not be read (${code}). Check its root and the rights of the user Holdpoint runs as.`;
    return stopped({ unknown: { code: 'target_unreachable', message } });
  }
  throw error;
}

/** Finds out what a call would do to which files, by looking at every one of them. Changes nothing; what could not be looked at is unknown. */
export async function planFiles(call: FilesCall): Promise<FilePlan> {
  let root: Folder | null = null;
  try {
    root = await Folder.root(call.target.root);
    return await planWithin(root, call);
  } catch (error) {
    return whyNot(error, call);
  } finally {
    await root?.close();
  }
}

async function planWithin(root: Folder, call: FilesCall): Promise<FilePlan> {
  if (call.steps !== undefined) return planRestore(root, call, call.steps);
  const { target, select, operation } = call;
  const rules = treeRules(target);
  const { limits } = target;
  const found =
    'path' in select
      ? { paths: [select.path], left: 0, whole: true }
      : await findFiles(root, rules, matching(select.glob), limits.files);
  if (!found.whole || found.paths.length > limits.files) {
    const message = `It matches more than the ${limits.files.toLocaleString('en')} files one call may touch. Ask for a narrower one.`;
    return stopped({ unknown: { code: 'rehearsal_refused', message } });
  }
  const versioned = operation === 'read' || operation === 'list' ? null : await readVersioned(target.root);
  const changes: FileChange[] = [];
  let bytes = 0;
  for (const path of found.paths) {
    const keep = operation === 'read' || operation === 'append' ? limits.bytes : COMPARED_BYTES;
    const before = await presentFact(root, path, { limit: limits.bytes - bytes, keep }, operation);
    bytes += before?.bytes ?? 0;
    changes.push(
      await changeOf(root, call, path, before, { classification: rules.classOf(path), versioned }),
    );
  }
  return stopped({ changes, versioned, left: found.left });
}

/** What an undo would change now: only files that are what the execution left, with what git has of before. */
async function planRestore(root: Folder, call: FilesCall, steps: readonly UndoStep[]): Promise<FilePlan> {
  const { target } = call;
  const rules = treeRules(target);
  const versioned = await readVersioned(target.root);
  const names = steps.flatMap(({ was }) => (was === null ? [] : [was]));
  const blobs = await readBlobs(target.root, names, target.limits.bytes);
  if (blobs === null) {
    const message = 'Git does not have all of what was there before any more, or it is too much at once.';
    return stopped({
      unknown: { code: 'rehearsal_refused', message: `${message} It would fail, and changes nothing.` },
    });
  }
  const changes: FileChange[] = [];
  for (const step of steps) {
    const change = await changeBack(root, call, step, { versioned, blobs });
    if (change !== null) changes.push({ ...change, classification: rules.classOf(change.path) });
  }
  return stopped({ changes, versioned, movedOn: steps.length - changes.length });
}

/** One step of an undo as it would be now; null where the file is not what the execution left any more. */
async function changeBack(
  root: Folder,
  call: FilesCall,
  step: UndoStep,
  git: { versioned: Versioned | null; blobs: ReadonlyMap<string, Buffer> },
): Promise<Omit<FileChange, 'classification'> | null> {
  const { path, is, was, mode } = step;
  const to = step.to ?? null;
  const bounds = { limit: call.target.limits.bytes, keep: COMPARED_BYTES };
  const before = await presentFact(root, path, bounds, 'write');
  if ((before?.sha256 ?? null) !== is || (to !== null && (await isThere(root, to)))) return null;
  const base = { path, before, mode };
  if (to !== null) return { ...base, to, operation: 'move', after: null, restorable: true };
  const after = was === null ? null : (git.blobs.get(was) ?? null);
  if (before === null) return { ...base, to, operation: 'insert', after, restorable: true };
  const restorable = isRestorable(git.versioned, before);
  return { ...base, to, operation: after === null ? 'delete' : 'update', after, restorable };
}

/** The file as it is; null where it may be missing because it is about to be written. */
async function presentFact(
  root: Folder,
  path: string,
  bounds: { limit: number; keep: number },
  operation: FilesCall['operation'],
): Promise<FileFact | null> {
  try {
    return await readFact(root, path, bounds);
  } catch (error) {
    const mayBeMissing = operation === 'write' || operation === 'append';
    if (mayBeMissing && error instanceof TreeFault && error.code === 'missing') return null;
    throw error;
  }
}

async function changeOf(
  root: Folder,
  call: FilesCall,
  path: string,
  before: FileFact | null,
  known: { classification: string; versioned: Versioned | null },
): Promise<FileChange> {
  const { operation, to } = call;
  const base = { path, to: null, before, after: null, classification: known.classification };
  const restorable = before !== null && isRestorable(known.versioned, before);
  if (operation === 'read' || operation === 'list') return { ...base, operation: 'read', restorable: true };
  if (operation === 'delete') return { ...base, operation: 'delete', restorable };
  if (operation === 'move') {
    await refuseExisting(root, to ?? '');
    return { ...base, operation: 'move', to, restorable: true };
  }
  const content = Buffer.from(call.content ?? '', 'utf8');
  const after =
    operation === 'append' ? Buffer.concat([before?.content ?? Buffer.alloc(0), content]) : content;
  if (after.length > call.target.limits.bytes)
    throw new TreeFault('too_large', `${path} would become too large.`);
  return before === null
    ? { ...base, operation: 'insert', after, restorable: true }
    : { ...base, operation: 'update', after, restorable };
}

const isThere = (root: Folder, path: string): Promise<boolean> =>
  atPath(root, path, (folder, name) => folder.has(name)).catch((error: unknown) => {
    // Folders that are not there yet are made.
    if (error instanceof TreeFault && error.code === 'missing') return false;
    throw error;
  });

async function refuseExisting(root: Folder, path: string): Promise<void> {
  if (await isThere(root, path))
    throw new TreeFault('exists', `${path} exists already; nothing is moved over it.`);
}

/** What is compared between approval and execution: every file with its content before and after. */
export const planFingerprint = (plan: FilePlan): (string | number | null)[][] =>
  plan.changes.map((c) => [
    c.path,
    c.operation,
    c.to,
    c.before?.sha256 ?? null,
    c.before?.mode ?? null,
    c.after === null ? null : hashBytes(c.after),
  ]);
