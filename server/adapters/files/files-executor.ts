import { randomUUID } from 'node:crypto';
import type {
  Executor,
  FilesResult,
  LookedUp,
  PlannedCall,
  RunOptions,
  RunOutcome,
} from '@/server/domain/ports';
import { carryOut, type Store } from './carry-out';
import type { FileChange, FilePlan } from './file-plan';
import type { FilesAnalyzer } from './files-analyzer';
import { filesResult } from './files-result';
import { filesUndo } from './files-undo';
import { Folder } from './folder';
import { beginJournal, clearStore, closeJournal, readOutcome } from './journal';
import { codeOf, TreeFault } from './tree-fault';

type Outcome = RunOutcome<FilesResult>;
type Carried =
  | { kind: 'done' }
  | { kind: 'drifted' }
  | { kind: 'failed'; why: string }
  | { kind: 'unknown'; why: string };
const failed = (code: string, message: string): Outcome => ({ kind: 'failed', error: { code, message } });

/** What was done can be taken back as far as git has what it replaced. */
const undoOf = ({ changes, versioned }: FilePlan) => ({
  undo: () => filesUndo(changes, versioned?.blobs ?? new Map()),
});

/**
 * Carries out exactly the plan that was approved, file by file, keeping what it replaces until all of it is done. Anything that is not as
 * approved at that moment, and any failure, takes everything back; where even that fails, the outcome is unknown and says what was done.
 */
export class FilesExecutor implements Executor<FilesResult> {
  constructor(private readonly analyzer: Pick<FilesAnalyzer, 'measureWithPlan'>) {}

  async run(call: PlannedCall, options: RunOptions): Promise<Outcome> {
    const { measurement, plan } = await this.analyzer.measureWithPlan(call);
    const target = call.tool.target;
    if (!options.accept(measurement)) return { kind: 'drifted', measurement };
    if (plan === null || target?.kind !== 'files')
      return failed('args_invalid', 'The call does not fit the target any more. Nothing was changed.');
    if (plan.forbidden !== null)
      return failed('forbidden', 'It leads to something that is never touched. Nothing was changed.');
    if (plan.unknown !== null)
      return failed('not_possible', 'It cannot be done as things are there now. Nothing was changed.');
    const name = `.holdpoint-${randomUUID()}`;
    if (!(await options.beforeCommit(`files ${name}`))) return { kind: 'stopped' };
    if (options.signal?.aborted === true)
      return failed('aborted', 'It was stopped before anything was changed.');
    const result = filesResult(call, plan.changes);
    if (measurement.footprint.readOnly) return { kind: 'succeeded', measurement, result };
    const carried = await carryOutAll(target.root, name, plan.changes, options.signal);
    switch (carried.kind) {
      case 'done':
        return { kind: 'succeeded', measurement: { ...measurement, ...undoOf(plan) }, result };
      case 'drifted':
        return { kind: 'drifted', measurement: (await this.analyzer.measureWithPlan(call)).measurement };
      case 'failed':
        return failed('io_failed', `${carried.why} Nothing was changed.`);
      case 'unknown':
        return { kind: 'unknown_outcome', why: carried.why };
    }
  }

  /** Compares the tree with what an execution wrote down before it began. */
  async lookUp(call: PlannedCall, evidence: string): Promise<LookedUp> {
    const name = /^files (\.holdpoint-[0-9a-f-]{36})$/.exec(evidence)?.[1];
    const target = call.tool.target;
    if (name === undefined || target?.kind !== 'files') return 'unknown';
    let root: Folder | null = null;
    try {
      root = await Folder.root(target.root);
      const store = await root.folder(name);
      try {
        return await readOutcome(root, store, name);
      } finally {
        await store.close();
      }
    } catch {
      // Neither the store nor the root can be looked at: only people can say what is there.
      return 'unknown';
    } finally {
      await root?.close();
    }
  }
}

async function carryOutAll(
  path: string,
  name: string,
  changes: readonly FileChange[],
  signal: AbortSignal | undefined,
): Promise<Carried> {
  const root = await Folder.root(path).catch((error: unknown) => codeOf(error));
  if (typeof root === 'string') return { kind: 'failed', why: `The root could not be opened (${root}).` };
  try {
    const folder = await root.make(name, 0o700).catch((error: unknown) => codeOf(error));
    if (typeof folder === 'string')
      return { kind: 'failed', why: `Nothing can be written under the root (${folder}).` };
    try {
      return await carryOutIn(root, { folder, undo: [] }, name, changes, signal);
    } finally {
      await folder.close();
    }
  } finally {
    await root.close();
  }
}

async function carryOutIn(
  root: Folder,
  store: Store,
  name: string,
  changes: readonly FileChange[],
  signal: AbortSignal | undefined,
): Promise<Carried> {
  let done = 0;
  try {
    await beginJournal(store.folder, changes);
    for (const change of changes) {
      signal?.throwIfAborted();
      await carryOut(root, store, change, done);
      done++;
    }
    await closeJournal(store.folder);
  } catch (error) {
    return takeBack(root, store, name, { error, done, all: changes.length });
  }
  // Done either way: what cannot be cleared away is closed to agents and harmless.
  await clearStore(root, store.folder, name).catch(() => undefined);
  return { kind: 'done' };
}

async function takeBack(
  root: Folder,
  store: Store,
  name: string,
  at: { error: unknown; done: number; all: number },
): Promise<Carried> {
  const why =
    at.error instanceof TreeFault
      ? at.error.message
      : `The file system refused it (${codeOf(at.error) || 'stopped'}).`;
  try {
    for (const undo of store.undo.reverse()) await undo();
  } catch {
    return {
      kind: 'unknown',
      why: `${why} ${at.done} of ${at.all} files were changed, and not all could be put back: what was replaced is kept in ${name} under the root. Look there before doing anything again.`,
    };
  }
  await clearStore(root, store.folder, name).catch(() => undefined);
  const drifted = at.error instanceof TreeFault && at.error.code !== 'too_large';
  return drifted ? { kind: 'drifted' } : { kind: 'failed', why };
}
