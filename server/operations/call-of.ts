import { canonicalJson } from '@/server/domain/canonical';
import type { ToolDefinition } from '@/server/domain/catalog';
import type { PlannedCall } from '@/server/domain/ports';
import type { StoredAction } from '@/server/store/actions';
import { openUndo, undoArgs } from '@/server/store/undo';
import type { Deps } from './deps';

/**
 * The call an action stands for. An undo names its values by their hash, because they are rows as they were: they are opened here, for measuring
 * and executing only. Other values than those, or none, leave the call as it is written, which nothing takes.
 */
export async function callOf(
  deps: Pick<Deps, 'db' | 'vault'>,
  action: StoredAction,
  tool: ToolDefinition,
): Promise<PlannedCall> {
  const { args, undoesId, workspaceId } = action;
  const kept = undoesId === null ? null : await openUndo(deps.db, deps.vault, workspaceId, undoesId);
  if (kept === null || undoesId === null) return { tool, args };
  const isKept = canonicalJson(undoArgs(kept, undoesId)) === canonicalJson(args);
  return isKept ? { tool, args, values: kept.params } : { tool, args };
}
