import { randomBytes } from 'node:crypto';
import type { Change, Changes } from '@/server/domain/ports';

/** A tab that was away longer than this, or missed more than this, reads everything again. */
const KEEP_MS = 120_000;
const MOST_KEPT = 1_000;

/** The latest changes of one workspace, in the order in which this process heard of them. */
export type Journal = {
  /** Names the moment between the last change and the next: what a tab says when it comes back. */
  position(): string;
  /** What changed after a position; null where not all of it is known: another process named it, or it is too long ago. */
  since(position: string): Change[] | null;
  /** Hears every change from now on; null means changes may have been missed. Returns how to stop. */
  listen(listener: (change: Change | null) => void): () => void;
};

function createJournal(workspaceId: string, changes: Pick<Changes, 'onWorkspace'>, onUnused: () => void) {
  const listeners = new Set<(change: Change | null) => void>();
  let age = newAge();
  let kept: Change[] = [];
  let heard = 0;
  let unused: NodeJS.Timeout | undefined;
  const unsubscribe = changes.onWorkspace(workspaceId, (change) => {
    if (change === null) {
      // What was missed has no place in the order: no position from before leads here.
      age = newAge();
      kept = [];
      heard = 0;
    } else {
      heard += 1;
      kept.push(change);
      if (kept.length > 2 * MOST_KEPT) kept = kept.slice(-MOST_KEPT);
    }
    for (const listener of listeners) listener(change);
  });
  const journal: Journal = {
    position: () => `${age}.${heard}`,
    since(position) {
      const [itsAge, count] = position.split('.');
      const missed = heard - Number(count);
      if (itsAge !== age || !/^\d+$/.test(count ?? '')) return null;
      if (missed < 0 || missed > Math.min(kept.length, MOST_KEPT)) return null;
      return missed === 0 ? [] : kept.slice(-missed);
    },
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  return {
    journal,
    /** Kept for a while longer, as long as somebody listens. */
    touch(keepMs: number) {
      clearTimeout(unused);
      unused = setTimeout(() => (listeners.size > 0 ? this.touch(keepMs) : onUnused()), keepMs);
      unused.unref();
    },
    end() {
      clearTimeout(unused);
      unsubscribe();
    },
  };
}

/** Another for every stretch of time over which nothing was missed. */
const newAge = (): string => randomBytes(6).toString('base64url');

/**
 * What changed lately in the workspaces somebody looks at, so that a tab whose connection broke goes on where it was. In memory: after a restart,
 * or at another process, a tab reads everything again.
 */
export function createJournals(changes: Pick<Changes, 'onWorkspace'>, keepMs = KEEP_MS) {
  const journals = new Map<string, ReturnType<typeof createJournal>>();
  return {
    of(workspaceId: string): Journal {
      let found = journals.get(workspaceId);
      if (found === undefined) {
        found = createJournal(workspaceId, changes, () => {
          journals.get(workspaceId)?.end();
          journals.delete(workspaceId);
        });
        journals.set(workspaceId, found);
      }
      found.touch(keepMs);
      return found.journal;
    },
    get size() {
      return journals.size;
    },
    close() {
      for (const each of journals.values()) each.end();
      journals.clear();
    },
  };
}
