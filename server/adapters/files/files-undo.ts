import type { UndoPlan } from '@/server/domain/ports';
import { hashBytes } from './file-facts';
import type { FileChange } from './file-plan';
import type { UndoStep } from './undo-steps';

const LEFT_SHOWN = 20;
const MOST = 1_000;

function stepBack(change: FileChange, blobs: ReadonlyMap<string, string>): UndoStep | null {
  const { path, to, before, after } = change;
  const mode = before?.mode ?? 0o644;
  const was = blobs.get(path) ?? null;
  switch (change.operation) {
    case 'read':
      return null;
    case 'insert':
      return { path, is: hashBytes(after ?? Buffer.alloc(0)), was: null, mode };
    case 'move':
      return before === null || to === null
        ? null
        : { path: to, is: before.sha256, was: null, mode, to: path };
    case 'update':
      return was === null || after === null || !change.restorable
        ? null
        : { path, is: hashBytes(after), was, mode };
    case 'delete':
      return was === null || !change.restorable ? null : { path, is: null, was, mode };
  }
}

/** How what was carried out can be taken back, as far as git has what it replaced: what is new goes, what was moved moves back. */
export function filesUndo(changes: readonly FileChange[], blobs: ReadonlyMap<string, string>): UndoPlan {
  const steps: UndoStep[] = [];
  const left: string[] = [];
  for (const change of changes) {
    const back = stepBack(change, blobs);
    if (back === null) left.push(change.path);
    else steps.push(back);
  }
  if (steps.length === 0)
    return {
      possible: false,
      why: 'What it replaced was not in git as it was, and Holdpoint keeps no files: it cannot be undone from here.',
    };
  if (steps.length > MOST)
    return { possible: false, why: `It changed more than ${MOST} files. Bring them back with git.` };
  return {
    possible: true,
    args: { operation: 'restore', files: steps },
    params: [],
    rows: steps.length,
    left:
      left.length > LEFT_SHOWN ? [...left.slice(0, LEFT_SHOWN), `${left.length - LEFT_SHOWN} more`] : left,
  };
}
