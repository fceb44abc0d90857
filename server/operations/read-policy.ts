import { z } from 'zod';
import { diffPolicySets } from '@/server/domain/policy-change';
import { type PolicyEntry, type PolicySet, policyEntry, policySetHash } from '@/server/domain/policy-set';
import type {
  DraftReport,
  DraftSummary,
  DraftView,
  PolicyCheck,
  PolicyLanguageView,
  PolicyOverview,
  PolicyView,
  VersionView,
} from '@/server/domain/policy-views';
import { accept, type Outcome, refuse } from '@/server/domain/refusal';
import type { ReviewerScope } from '@/server/domain/scopes';
import type { PolicyDraft } from '@/server/store/generated/client';
import { listApprovers } from '@/server/store/policy-desk';
import { findDraft, listDrafts } from '@/server/store/policy-drafts';
import { listPending, listVersions, setOf } from '@/server/store/policy-versions';
import { isAdministrator, refuseUnlessAdministrator } from './administrators';
import type { Deps } from './deps';
import { noSuchDraft, readVersion } from './edit-draft';

export const versionInput = z.strictObject({ version: z.number().int().min(0) });
export const checkInput = z.strictObject({ policy: policyEntry });

const toViews = (deps: Deps, policies: readonly PolicyEntry[]): PolicyView[] =>
  policies.map(({ id, text, disabled }) => ({
    id,
    text,
    disabled: disabled ?? false,
    words: deps.policyLanguage.describe(text),
  }));

const toSummary = (draft: Omit<PolicyDraft, 'policies' | 'cases'>): DraftSummary => ({
  draftId: draft.id,
  name: draft.name,
  author: draft.authorName,
  editors: draft.editorNames,
  baseVersion: draft.baseVersion,
  updatedAt: draft.updatedAt.toISOString(),
});

/** A set of no policies stands for a version whose row is gone, which no operation removes. */
const NOTHING: PolicySet = { policies: [], cases: [] };

async function setInForce(deps: Deps, workspaceId: string) {
  const { version, policy } = await deps.policies.get(workspaceId);
  return { version, policy, set: (await readVersion(deps, workspaceId, version)) ?? NOTHING };
}

/** Which policies judge now, in words, what is being drafted, what waits and what was published. For everybody signed in. */
export async function getPolicy(deps: Deps, person: ReviewerScope): Promise<Outcome<PolicyOverview>> {
  const { workspaceId, personId } = person;
  const [inForce, drafts, versions, pending, approvers] = await Promise.all([
    setInForce(deps, workspaceId),
    listDrafts(deps.db, workspaceId),
    listVersions(deps.db, workspaceId),
    listPending(deps.db, workspaceId),
    listApprovers(deps.db.prisma, workspaceId, [personId]),
  ]);
  const { version, policy, set } = inForce;
  return accept({
    inForce: { version, policy, policies: toViews(deps, set.policies), cases: set.cases },
    drafts: drafts.map(toSummary),
    versions: versions.map((v) => ({
      version: v.version,
      note: v.note,
      authors: v.authorNames,
      proposer: v.proposerName,
      approvedBy: v.approvedBy,
      publishedAt: v.publishedAt.toISOString(),
      restores: v.restores,
      actionId: v.actionId,
    })),
    pending,
    mayEdit: isAdministrator(person),
    approvers,
  });
}

/** A version as it was published, and what restoring it would change. */
export async function getVersion(
  deps: Deps,
  person: ReviewerScope,
  input: z.infer<typeof versionInput>,
): Promise<Outcome<VersionView>> {
  const set = await readVersion(deps, person.workspaceId, input.version);
  if (set === null) return refuse('version_unknown', 'There is no such version of policy in your workspace.');
  const inForce = await setInForce(deps, person.workspaceId);
  return accept({
    version: input.version,
    policies: toViews(deps, set.policies),
    cases: set.cases,
    diff: diffPolicySets(inForce.set, set),
  });
}

/** A draft with everything an editor shows of it. */
export async function getDraft(
  deps: Deps,
  person: ReviewerScope,
  input: { draftId: string },
): Promise<Outcome<DraftView>> {
  const refused = refuseUnlessAdministrator(person);
  if (refused) return refused;
  const { workspaceId, personId } = person;
  const draft = await findDraft(deps.db, workspaceId, input.draftId);
  if (draft === null) return noSuchDraft();
  const [inForce, approvers] = await Promise.all([
    setInForce(deps, workspaceId),
    listApprovers(deps.db.prisma, workspaceId, [...new Set([...draft.editorIds, personId])]),
  ]);
  const set = setOf(draft);
  return accept({
    ...toSummary(draft),
    revision: draft.revision,
    policies: toViews(deps, set.policies),
    cases: set.cases,
    diff: diffPolicySets(inForce.set, set),
    isStale: draft.baseVersion !== inForce.version,
    inForceVersion: inForce.version,
    approvers,
    contentHash: policySetHash(set),
  });
}

/** What is wrong with one policy, while it is written. */
export async function checkPolicy(
  deps: Deps,
  person: ReviewerScope,
  input: z.infer<typeof checkInput>,
): Promise<Outcome<PolicyCheck>> {
  const refused = refuseUnlessAdministrator(person);
  if (refused) return refused;
  const { policyLanguage } = deps;
  return accept({
    problems: policyLanguage.check(input.policy),
    words: policyLanguage.describe(input.policy.text),
  });
}

/** Checks a whole draft and runs its cases: what publishing would refuse, before it does. */
export async function reportDraft(
  deps: Deps,
  person: ReviewerScope,
  input: { draftId: string },
): Promise<Outcome<DraftReport>> {
  const refused = refuseUnlessAdministrator(person);
  if (refused) return refused;
  const draft = await findDraft(deps.db, person.workspaceId, input.draftId);
  if (draft === null) return noSuchDraft();
  const report = await deps.policyLanguage.report(setOf(draft)).catch(() => null);
  return report === null
    ? refuse('unavailable', 'The cases could not be run right now. Try again in a few seconds.')
    : accept({ ...report, revision: draft.revision });
}

/** What an editor can offer: facts with their meaning, annotations, and the names this workspace uses. */
export async function getPolicyLanguage(
  deps: Deps,
  person: ReviewerScope,
): Promise<Outcome<PolicyLanguageView>> {
  const { workspaceId } = person;
  const [groups, tools, targets] = await Promise.all([
    deps.db.prisma.group.findMany({ where: { workspaceId }, select: { name: true }, take: 500 }),
    deps.catalog.listTools(workspaceId),
    deps.db.prisma.target.findMany({
      where: { workspaceId, removedAt: null },
      select: { name: true },
      take: 500,
    }),
  ]);
  return accept({
    ...deps.policyLanguage.words(),
    groups: groups.map((g) => g.name),
    tools: tools.map((t) => t.name),
    targets: targets.map((t) => t.name),
  });
}
