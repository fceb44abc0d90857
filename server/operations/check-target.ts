import type { TargetView } from '@/server/domain/catalog-views';
import { type Outcome, refuse } from '@/server/domain/refusal';
import type { ReviewerScope } from '@/server/domain/scopes';
import { append } from '@/server/store/audit';
import { inTransaction } from '@/server/store/database';
import { wake } from '@/server/store/outbox';
import { openTarget, saveCheck } from '@/server/store/target-checks';
import { personActor, refuseUnlessAdministrator } from './administrators';
import type { Deps } from './deps';
import { getTarget } from './list-targets';

/**
 * Looks at a target again, as the role it was registered with, and keeps what was found. The result is not kept when the target was
 * redefined meanwhile: it would speak of something else.
 */
export async function checkTarget(
  deps: Pick<Deps, 'db' | 'vault' | 'inspector' | 'clock'>,
  person: ReviewerScope,
  input: { targetId: string },
): Promise<Outcome<TargetView>> {
  const refused = refuseUnlessAdministrator(person);
  if (refused !== null) return refused;
  const { workspaceId } = person;
  const target = await openTarget(deps.db, deps.vault, workspaceId, input.targetId);
  if (target === null) return refuse('target_unknown', 'There is no such target in this workspace.');
  const check = await deps.inspector.inspect(target.parts);
  const isKept = await inTransaction(deps.db, async (tx) => {
    if (!(await saveCheck(tx, target, check, deps.clock.now()))) return false;
    const count = (severity: string) => check.findings.filter((f) => f.severity === severity).length;
    await append(tx, {
      workspaceId,
      kind: 'target.checked',
      actor: personActor(person),
      data: {
        name: target.name,
        reachable: check.reachable,
        errors: count('error'),
        warnings: count('warning'),
      },
    });
    await wake(tx, workspaceId, { config: true });
    return true;
  });
  if (!isKept) {
    return refuse('conflict', `${target.name} was changed while it was looked at. Check it again.`);
  }
  return getTarget(deps, person, input);
}
