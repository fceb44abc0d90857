import { z } from 'zod';
import { actionDigest } from '@/server/domain/action-digest';
import type { AuditEvent } from '@/server/domain/audit-event';
import type { BacktestTotals } from '@/server/domain/backtest';
import type { BlastRadius } from '@/server/domain/blast-radius';
import type { Footprint } from '@/server/domain/footprint';
import { footprintDigest } from '@/server/domain/footprint-digest';
import {
  diffPolicySets,
  type PolicyDiff,
  publishFootprint,
  publishRadius,
  publishSentence,
} from '@/server/domain/policy-change';
import { faultsOf, type SetReport } from '@/server/domain/policy-report';
import { type PolicySet, policySetHash } from '@/server/domain/policy-set';
import { PUBLISH_TOOL } from '@/server/domain/publish-tool';
import { accept, type InputProblem, type Outcome, type Refusal, refuse } from '@/server/domain/refusal';
import type { ReviewerScope } from '@/server/domain/scopes';
import { storable } from '@/server/domain/storable-text';
import type { Obligation, Verdict } from '@/server/domain/verdict';
import { append } from '@/server/store/audit';
import { findBacktestOf } from '@/server/store/backtests';
import { inTransaction, type Tx } from '@/server/store/database';
import type { Prisma } from '@/server/store/generated/client';
import { newId } from '@/server/store/new-id';
import { enqueue, wake } from '@/server/store/outbox';
import { deskOf, listApprovers } from '@/server/store/policy-desk';
import { findDraft } from '@/server/store/policy-drafts';
import { setOf } from '@/server/store/policy-versions';
import { personActor, refuseUnlessAdministrator } from './administrators';
import type { Deps } from './deps';
import { noSuchDraft, readVersion } from './edit-draft';
import { BUILT_IN_POLICY } from './reevaluate-action';

const note = storable(z.string().trim().min(1, 'say why, in a few words').max(2_000));
export const proposeInput = z.strictObject({
  draftId: storable(z.string().min(1).max(100)),
  /** The revision that was looked at. */
  revision: z.number().int().min(1),
  note,
});
export const restoreInput = z.strictObject({ version: z.number().int().min(0), note });

/** Everything a publication is made of, before anybody was asked. */
type Candidate = {
  set: PolicySet;
  name: string;
  note: string;
  draftId: string | null;
  restores: number | null;
  editorIds: string[];
  authorNames: string[];
};

const OBLIGATION: Obligation = {
  reviewers: [],
  quorum: 1,
  expirySeconds: 3 * 24 * 60 * 60,
  presence: 'session',
  roles: ['owner', 'security_lead'],
};

/** Not a policy: nothing that could be published changes who has to agree to publishing. */
const VERDICT: Verdict = {
  verdict: 'hold',
  policy: BUILT_IN_POLICY,
  obligation: OBLIGATION,
  rules: [
    {
      id: 'policy-needs-two',
      title: 'Policy is changed by two people',
      because: 'An owner or a security lead who wrote none of it has to agree before it judges anything.',
      verdict: 'hold',
    },
  ],
};

const asJson = (value: unknown) => value as Prisma.InputJsonValue;

/** The first thing that is wrong, and all of it as problems. */
export function refuseReport(report: SetReport): Refusal {
  const problems: InputProblem[] = [
    ...report.problems.map((p) => ({
      pointer: `/policies/${p.policy}`,
      message: p.line === undefined ? p.message : `line ${p.line}, column ${p.column}: ${p.message}`,
    })),
    ...report.cases
      .filter((c) => c.faults.length > 0)
      .map((c) => ({ pointer: `/cases/${c.verdict}/${c.name}`, message: c.faults.join('; ') })),
    ...report.withoutCase.map((id) => ({
      pointer: `/policies/${id}`,
      message: 'No case expects it: nobody would notice if it stopped working. Add one.',
    })),
  ];
  const [first] = problems;
  const more = problems.length > 1 ? ` ${problems.length - 1} more.` : '';
  return refuse('policy_invalid', `It cannot be published: ${first?.pointer} ${first?.message}.${more}`, {
    problems: problems.slice(0, 100),
  });
}

async function insertAction(
  tx: Tx,
  person: ReviewerScope,
  candidate: Candidate,
  of: {
    actionId: string;
    agentId: string;
    toolId: string;
    args: Record<string, unknown>;
    digest: string;
    footprint: Footprint;
    radius: BlastRadius;
    sentence: string;
    at: Date;
  },
): Promise<void> {
  await tx.plannedAction.create({
    data: {
      id: of.actionId,
      workspaceId: person.workspaceId,
      agentId: of.agentId,
      ownerId: person.personId,
      keyId: BUILT_IN_POLICY,
      toolId: of.toolId,
      toolName: PUBLISH_TOOL,
      toolHash: BUILT_IN_POLICY,
      execution: 'broker',
      args: asJson(of.args),
      reason: candidate.note,
      digest: of.digest,
      status: 'held',
      footprint: asJson(of.footprint),
      footprintDigest: footprintDigest(of.footprint),
      blastRadius: asJson(of.radius),
      sentence: of.sentence,
      level: of.radius.level,
      imagesTotal: 0,
      verdict: asJson(VERDICT),
      obligation: asJson(OBLIGATION),
      needed: OBLIGATION.quorum,
      policy: BUILT_IN_POLICY,
      excludedIds: candidate.editorIds.filter((id) => id !== person.personId),
      heldAt: of.at,
      expiresAt: new Date(of.at.getTime() + OBLIGATION.expirySeconds * 1_000),
    },
  });
}

async function insertProposal(
  tx: Tx,
  person: ReviewerScope,
  candidate: Candidate,
  of: {
    actionId: string;
    contentHash: string;
    base: { version: number; policy: string };
    backtestId: string | null;
  },
): Promise<void> {
  await tx.policyProposal.create({
    data: {
      actionId: of.actionId,
      workspaceId: person.workspaceId,
      draftId: candidate.draftId,
      restores: candidate.restores,
      baseVersion: of.base.version,
      basePolicy: of.base.policy,
      policies: asJson(candidate.set.policies),
      cases: asJson(candidate.set.cases),
      contentHash: of.contentHash,
      note: candidate.note,
      authorNames: candidate.authorNames,
      proposerId: person.personId,
      proposerName: person.name,
      backtestId: of.backtestId,
    },
  });
}

async function write(
  tx: Tx,
  person: ReviewerScope,
  candidate: Candidate,
  of: {
    base: { version: number; policy: string };
    diff: PolicyDiff;
    backtest: { id: string; totals: BacktestTotals } | null;
    at: Date;
  },
): Promise<string> {
  const { workspaceId } = person;
  const actionId = newId('action');
  const contentHash = policySetHash(candidate.set);
  const totals = of.backtest?.totals ?? null;
  const { agentId, toolId } = await deskOf(tx, person);
  const footprint = publishFootprint({ diff: of.diff, contentHash, totals, at: of.at.toISOString() });
  const radius = publishRadius(footprint, of.diff, totals);
  const args = {
    ...(candidate.restores === null ? { draft: candidate.name } : { restores: candidate.restores }),
    base: of.base.policy,
    content: contentHash,
    changes: of.diff.policies.map((p) => `${p.change} ${p.id}`),
  };
  const tool = PUBLISH_TOOL;
  const digest = actionDigest({ workspaceId, agentId, tool, args, reason: candidate.note });
  const sentence = publishSentence(of.diff, candidate);
  await insertAction(tx, person, candidate, {
    actionId,
    agentId,
    toolId,
    args,
    digest,
    footprint,
    radius,
    sentence,
    at: of.at,
  });
  await insertProposal(tx, person, candidate, {
    actionId,
    contentHash,
    base: of.base,
    backtestId: of.backtest?.id ?? null,
  });
  const stamp = { workspaceId, actionId, digest, footprintDigest: footprintDigest(footprint) };
  const events: AuditEvent[] = [
    { ...stamp, kind: 'action.submitted', actor: personActor(person), data: { tool, note: candidate.note } },
    {
      ...stamp,
      kind: 'action.held',
      actor: personActor(person),
      data: { policy: BUILT_IN_POLICY, rules: ['policy-needs-two'], quorum: 1, level: radius.level },
    },
  ];
  await append(tx, ...events);
  await enqueue(tx, {
    workspaceId,
    topic: 'action.held',
    actionId,
    payload: { sentence, level: radius.level },
  });
  await wake(tx, workspaceId, { actionId, status: 'held' });
  return actionId;
}

async function propose(
  deps: Deps,
  person: ReviewerScope,
  candidate: Candidate,
  base: { version: number; policy: string; set: PolicySet },
): Promise<Outcome<{ actionId: string }>> {
  const diff = diffPolicySets(base.set, candidate.set);
  if (diff.policies.length === 0 && diff.casesChanged === 0) {
    return refuse('conflict', 'It is what is in force already: there is nothing to publish.');
  }
  const excluded = [...new Set([...candidate.editorIds, person.personId])];
  if ((await listApprovers(deps.db.prisma, person.workspaceId, excluded)).length === 0) {
    return refuse(
      'nobody_to_approve',
      'Nobody else here is an owner or a security lead, so nobody could agree to it. Invite one on the People page, then publish again.',
    );
  }
  const report = await deps.policyLanguage.report(candidate.set).catch(() => null);
  if (report === null) {
    return refuse('unavailable', 'The policies could not be checked right now. Try again in a few seconds.');
  }
  if (faultsOf(report) > 0) return refuseReport(report);
  const contentHash = policySetHash(candidate.set);
  const backtest = await findBacktestOf(deps.db, person.workspaceId, contentHash, base.policy);
  const at = deps.clock.now();
  const actionId = await inTransaction(deps.db, (tx) =>
    write(tx, person, candidate, { base, diff, backtest, at }),
  );
  return accept({ actionId });
}

async function baseOf(deps: Deps, workspaceId: string) {
  deps.policies.drop(workspaceId);
  const { version, policy } = await deps.policies.get(workspaceId);
  const set = await readVersion(deps, workspaceId, version);
  return set === null ? null : { version, policy, set };
}

/**
 * Plans the publication of a draft: a held action that another owner or security lead decides. Nothing changes until they agree. Refuses what is
 * invalid, has a policy without a case or a case that fails, was begun on another version, or could be approved by nobody.
 */
export async function proposePolicy(
  deps: Deps,
  person: ReviewerScope,
  input: z.infer<typeof proposeInput>,
): Promise<Outcome<{ actionId: string }>> {
  const refused = refuseUnlessAdministrator(person);
  if (refused) return refused;
  const draft = await findDraft(deps.db, person.workspaceId, input.draftId);
  if (draft === null) return noSuchDraft();
  if (draft.revision !== input.revision) {
    return refuse('conflict', 'This draft was changed since you looked at it. Reload and look again.');
  }
  const base = await baseOf(deps, person.workspaceId);
  if (base === null || draft.baseVersion !== base.version) {
    return refuse(
      'policy_moved',
      'Another version was published since this draft was begun, and this would undo it. Begin a new draft from it.',
    );
  }
  const candidate: Candidate = {
    set: setOf(draft),
    name: draft.name,
    note: input.note,
    draftId: draft.id,
    restores: null,
    editorIds: draft.editorIds,
    authorNames: draft.editorNames,
  };
  return propose(deps, person, candidate, base);
}

/** Plans the publication of an earlier version's content; the same path as a draft's. */
export async function restoreVersion(
  deps: Deps,
  person: ReviewerScope,
  input: z.infer<typeof restoreInput>,
): Promise<Outcome<{ actionId: string }>> {
  const refused = refuseUnlessAdministrator(person);
  if (refused) return refused;
  const [base, set] = await Promise.all([
    baseOf(deps, person.workspaceId),
    readVersion(deps, person.workspaceId, input.version),
  ]);
  if (set === null || base === null) {
    return refuse('version_unknown', 'There is no such version of policy in your workspace.');
  }
  const candidate: Candidate = {
    set,
    name: `version ${input.version}`,
    note: input.note,
    draftId: null,
    restores: input.version,
    editorIds: [],
    authorNames: [person.name],
  };
  return propose(deps, person, candidate, base);
}
