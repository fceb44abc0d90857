import { z } from 'zod';
import type { Page, TargetListItem, TargetView, ToolListItem } from '@/server/domain/catalog-views';
import { accept, type Outcome, refuse } from '@/server/domain/refusal';
import type { ReviewerScope } from '@/server/domain/scopes';
import { findTargetView, listTargetRows, listToolRows } from '@/server/store/target-views';
import type { Deps } from './deps';
import { type PageInput, pageByName } from './page-input';

type ReadDeps = Pick<Deps, 'db'>;
export const targetInput = z.strictObject({ targetId: z.string().max(100) });

/** One page of the workspace's targets by name. */
export function listTargets(
  deps: ReadDeps,
  person: ReviewerScope,
  input: PageInput,
): Promise<Outcome<Page<TargetListItem>>> {
  return pageByName(
    input,
    (page) => listTargetRows(deps.db, person.workspaceId, page),
    (target) => target.name,
  );
}

/** One target by id or name with what was last found about it; its connection stays sealed. */
export async function getTarget(
  deps: ReadDeps,
  person: ReviewerScope,
  input: z.infer<typeof targetInput>,
): Promise<Outcome<TargetView>> {
  const target = await findTargetView(deps.db, person.workspaceId, input.targetId);
  return target === null
    ? refuse('target_unknown', 'There is no such target in this workspace.')
    : accept(target);
}

/** One page of the workspace's tools by name. */
export function listTools(
  deps: ReadDeps,
  person: ReviewerScope,
  input: PageInput,
): Promise<Outcome<Page<ToolListItem>>> {
  return pageByName(
    input,
    (page) => listToolRows(deps.db, person.workspaceId, page),
    (tool) => tool.name,
  );
}
