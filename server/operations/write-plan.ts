import type { Actor, AuditEvent, AuditKind } from '@/server/domain/audit-event';
import { hashOf } from '@/server/domain/canonical';
import type { DocumentPlan } from '@/server/domain/document-diff';
import type { TargetCheck } from '@/server/domain/ports';
import { type Change, changesOf } from '@/server/domain/workspace-state';
import { writeAgents } from '@/server/store/agents';
import { append } from '@/server/store/audit';
import type { Tx } from '@/server/store/database';
import { writeGroups } from '@/server/store/groups';
import { wake } from '@/server/store/outbox';
import { writePeople } from '@/server/store/people';
import { type WrittenTarget, writeTargets } from '@/server/store/targets';
import { writeTools } from '@/server/store/tools';
import type { LoadedWorkspace } from '@/server/store/workspace-state';
import type { Deps } from './deps';

export type PlanToWrite = {
  workspaceId: string;
  actor: Actor;
  plan: DocumentPlan;
  loaded: LoadedWorkspace;
  checks: ReadonlyMap<string, TargetCheck>;
  prune: boolean;
  /** Tools whose new definition the author has looked at, each with the reason. */
  confirms?: ReadonlyMap<string, string>;
  /** Who keeps what is created from now on: people by hand, or a file. */
  source: 'hand' | 'file';
};

/**
 * Writes a plan without problems, with one audit event per change, and wakes every process that holds the old configuration. A plan that
 * changes nothing writes nothing. Answers the keys of the agents it created.
 */
export async function writePlan(
  deps: Pick<Deps, 'vault' | 'clock'>,
  tx: Tx,
  of: PlanToWrite,
): Promise<{ name: string; key: string }[]> {
  const { workspaceId, loaded, plan, actor } = of;
  if (plan.changes.every((change) => change.change === 'unchanged')) return [];
  const now = deps.clock.now();
  const { changes } = plan;
  const people = await writePeople(tx, workspaceId, changesOf(changes, 'person'), loaded.people, {
    source: of.source,
    now,
  });
  for (const { change, after } of changesOf(changes, 'directory')) {
    if (change === 'unchanged' || after === null) continue;
    await tx.workspace.update({ where: { id: workspaceId }, data: { domains: [...after.domains] } });
  }
  await writeGroups(tx, workspaceId, changesOf(changes, 'group'), loaded.groups, people.ids, {
    source: of.source,
    now,
  });
  const created = await writeAgents(
    tx,
    workspaceId,
    changesOf(changes, 'agent'),
    loaded.agents,
    people.ids,
    now,
  );
  const targets = await writeTargets(
    tx,
    deps.vault,
    workspaceId,
    changesOf(changes, 'target'),
    loaded.targets,
    of.checks,
    now,
  );
  const tools = await writeTools(
    tx,
    workspaceId,
    changesOf(changes, 'tool'),
    { states: loaded.state.tools, known: loaded.tools },
    targets,
    { actor, now, confirms: of.confirms ?? new Map() },
  );
  const event = (kind: AuditKind, data: Record<string, unknown>): AuditEvent => ({
    workspaceId,
    kind,
    actor,
    data,
  });
  await append(
    tx,
    ...changes
      .filter((change) => change.change !== 'unchanged')
      .map((change) => eventFor(of, change, targets)),
    ...people.ended.map((ended) => event('session.ended', { ...ended, reason: 'person removed' })),
    ...created.map(({ agentId, name, key }) =>
      event('key.created', { agentId, agent: name, keyId: key.keyId, prefix: key.prefix }),
    ),
    ...tools.redefined.map((name) => event('tool.updated', { name, detail: 'its target changed' })),
    event('document.applied', summarize(of)),
  );
  await wake(tx, workspaceId, { config: true });
  return created.map(({ name, key }) => ({ name, key: key.key }));
}

const PAST = { create: 'created', update: 'updated', remove: 'removed' } as const;

function eventFor(of: PlanToWrite, change: Change, targets: ReadonlyMap<string, WrittenTarget>): AuditEvent {
  if (change.change === 'unchanged') throw new Error('what is unchanged is no event');
  return {
    workspaceId: of.workspaceId,
    kind: change.kind === 'directory' ? 'directory.updated' : `${change.kind}.${PAST[change.change]}`,
    actor: of.actor,
    data: {
      name: change.name,
      ...(change.detail === undefined ? {} : { detail: change.detail }),
      ...factsOf(change, targets),
    },
  };
}

/** What the log keeps of the new state: enough to answer "who could do what since when", and no secret. */
function factsOf(change: Change, targets: ReadonlyMap<string, WrittenTarget>): Record<string, unknown> {
  switch (change.kind) {
    case 'person':
      return change.after === null
        ? {}
        : { roles: change.after.roles, clearances: change.after.clearances, displayName: change.after.name };
    case 'directory':
      return change.after === null ? {} : { domains: change.after.domains };
    case 'group':
      return change.after === null
        ? {}
        : { members: change.after.members, open: change.after.open, aliases: change.after.aliases };
    case 'agent':
      return change.after === null ? {} : { owner: change.after.owner, clearances: change.after.clearances };
    case 'target': {
      const written = targets.get(change.name);
      return change.after === null || written === undefined
        ? {}
        : { address: written.address, definitionHash: written.definitionHash };
    }
    case 'tool':
      return change.after === null
        ? {}
        : {
            kind: change.after.kind,
            execution: change.after.execution,
            target: change.after.target,
            schema: hashOf(change.after.inputSchema),
          };
  }
}

function summarize(of: PlanToWrite): Record<string, unknown> {
  const count = (word: Change['change']) => of.plan.changes.filter((c) => c.change === word).length;
  return {
    created: count('create'),
    updated: count('update'),
    removed: count('remove'),
    unchanged: count('unchanged'),
    prune: of.prune,
  };
}
