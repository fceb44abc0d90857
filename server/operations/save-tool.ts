import { z } from 'zod';
import type { Outcome } from '@/server/domain/refusal';
import type { ReviewerScope } from '@/server/domain/scopes';
import { storable } from '@/server/domain/storable-text';
import { type ApplyResult, applyDocument } from './apply-document';
import type { Deps } from './deps';

export const saveToolInput = z.strictObject({
  /** The whole tool as a workspace document has it. */
  tool: z.looseObject({ name: storable(z.string().min(1).max(100)) }),
  /** `pinHash` of the definition it was made from; null for a tool that is not there yet. */
  basedOn: z.string().max(100).nullable(),
  reason: storable(z.string().trim().min(1, 'Say why it changes.').max(2_000)),
  dryRun: z.boolean().optional(),
});

/**
 * Writes one tool as a person sees it before them, which confirms that definition: the same rules, checks and events as a workspace document.
 * A definition that changed since it was opened is a conflict, and nothing is written.
 */
export function saveTool(
  deps: Pick<Deps, 'db' | 'vault' | 'inspector' | 'clock'>,
  person: ReviewerScope,
  input: z.infer<typeof saveToolInput>,
): Promise<Outcome<ApplyResult>> {
  const { tool, basedOn, reason, dryRun } = input;
  return applyDocument(deps, person, {
    document: { apiVersion: 'holdpoint/v1', tools: [tool] },
    dryRun,
    seen: { tool: tool.name, basedOn, reason },
  });
}
