import { z } from 'zod';
import { accept, type Outcome, refuse } from '@/server/domain/refusal';
import { sampleArguments } from '@/server/domain/sample-arguments';
import type { ReviewerScope } from '@/server/domain/scopes';
import { storable } from '@/server/domain/storable-text';
import type { ArgumentSample, ToolView } from '@/server/domain/tool-views';
import { findToolView } from '@/server/store/tool-view';
import type { Deps } from './deps';

export const toolInput = z.strictObject({ toolId: storable(z.string().min(1).max(100)) });

/** One tool by id or name: what it is, every definition it had, who used it for what, and arguments to try its map with. */
export async function getTool(
  deps: Pick<Deps, 'db'>,
  person: ReviewerScope,
  input: z.infer<typeof toolInput>,
): Promise<Outcome<ToolView>> {
  const found = await findToolView(deps.db, person.workspaceId, input.toolId);
  if (found === null) return refuse('tool_unknown', 'There is no such tool in this workspace.');
  const made: ArgumentSample = {
    label: 'Made from the schema',
    args: sampleArguments(found.view.inputSchema),
  };
  return accept({ ...found.view, samples: [made, ...found.used] });
}
