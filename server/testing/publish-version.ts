import type { PolicyEntry } from '@/server/domain/policy-set';
import type { Deps } from '@/server/operations/deps';
import { takeHaltLock } from '@/server/store/actions';
import { inTransaction } from '@/server/store/database';
import { wake } from '@/server/store/outbox';
import { putInForce } from '@/server/store/policy-versions';

/** The policies that ship and these, published as the next version, past everybody who would have to approve. `quietly`: no process is told. */
export async function publishVersion(
  deps: Deps,
  workspaceId: string,
  more: readonly PolicyEntry[],
  of: { quietly?: true } = {},
): Promise<number> {
  return inTransaction(deps.db, async (tx) => {
    await takeHaltLock(tx, workspaceId);
    const last = await tx.policyInForce.findUnique({ where: { workspaceId } });
    const version = (last?.version ?? 0) + 1;
    const shipped = deps.policyLanguage.shipped();
    const set = { ...shipped, policies: [...shipped.policies, ...more] };
    await putInForce(tx, {
      workspaceId,
      version,
      baseVersion: version - 1,
      restores: null,
      set,
      policy: deps.policyLanguage.load(`v${version}`, set.policies).policy,
      note: '',
      authorNames: [],
      proposerId: 'test',
      proposerName: 'test',
      approvedBy: [],
      actionId: 'test',
    });
    if (!of.quietly) await wake(tx, workspaceId, { config: true });
    return version;
  });
}

/** A policy that matches whatever one tool does. */
export const aboutTool = (id: string, tool: string, annotations: string): PolicyEntry => ({
  id,
  text: `@id("${id}") @title("${id}") @because("It is ${tool}.") ${annotations} forbid (principal, action, resource) when { context.tool.name == "${tool}" };`,
});
