import type { Actor } from '@/server/domain/audit-event';
import { pinHash } from '@/server/domain/definition-hash';
import { type DocumentAuthor, findOverreach } from '@/server/domain/document-authority';
import { type DocumentPlan, diffDocument } from '@/server/domain/document-diff';
import type { TargetCheck } from '@/server/domain/ports';
import { accept, type InputProblem, type Outcome, type Refusal, refuse } from '@/server/domain/refusal';
import type { ReviewerScope } from '@/server/domain/scopes';
import { parseDocument, refuseDocument, type WorkspaceDocument } from '@/server/domain/workspace-document';
import { type ChangeKind, type ChangeWord, changesOf } from '@/server/domain/workspace-state';
import { append } from '@/server/store/audit';
import { type Database, inTransaction, type Tx } from '@/server/store/database';
import { noteFileImport } from '@/server/store/directory-sources';
import {
  type LoadedWorkspace,
  listForeignEmails,
  loadWorkspace,
  lockWorkspace,
} from '@/server/store/workspace-state';
import type { Deps } from './deps';
import { readDocumentText } from './read-document-text';
import { warnAbout } from './target-warnings';
import { writePlan } from './write-plan';

/** Whoever runs commands where Holdpoint runs, with its database and its secret: they own what it stands on. */
export type OperatorScope = { kind: 'operator'; workspaceId: string; name: string };

export type ApplyInput = {
  /** The document as YAML text or as the value it stands for. */
  document: unknown;
  dryRun?: boolean | undefined;
  /** Also removes what the document's sections leave out, as `prune: true` in the document does. */
  prune?: boolean | undefined;
  /** The one tool whose definition the author has before them, what it was made from, and why it changes: writing it confirms it. */
  seen?: { tool: string; basedOn: string | null; reason: string };
};

/** Where a document came from, when it is a file of the directory: what it creates is kept by files from then on. */
export type ImportedFrom = { name: string };
export type AppliedChange = { kind: ChangeKind; name: string; change: ChangeWord; detail?: string };
export type ApplyResult = {
  changes: AppliedChange[];
  /** Keys of agents created by this call: the only time they are shown. */
  agents: { name: string; key: string }[];
  warnings: string[];
};

type ApplyDeps = Pick<Deps, 'db' | 'vault' | 'inspector' | 'clock'>;

/**
 * Makes the workspace what the document says, in one transaction with its audit events, or refuses all of it with every place that is
 * wrong. Applying twice changes nothing; a dry run writes nothing. New or changed targets are inspected first: what is found are
 * warnings, also when a target cannot be reached.
 */
export async function applyDocument(
  deps: ApplyDeps,
  author: ReviewerScope | OperatorScope,
  input: ApplyInput,
  from?: ImportedFrom,
): Promise<Outcome<ApplyResult>> {
  if (author.kind === 'reviewer' && !author.roles.some((r) => r === 'owner' || r === 'security_lead')) {
    return refuse('forbidden', 'Only an owner or a security lead can apply a document. Ask one of them.');
  }
  const document = readDocument(input.document);
  if (!document.ok) return document;
  const prune = input.prune ?? document.value.prune ?? false;
  const planFor = (client: Tx | Database['prisma']) =>
    makePlan(deps, client, author, { document: document.value, prune });

  const draft = await planFor(deps.db.prisma);
  if (!draft.ok) return draft;
  if (!isAsSeen(draft.value.loaded, input.seen)) return changedMeanwhile(input.seen?.tool ?? '');
  const checks = await inspectTargets(deps, draft.value.plan);
  if (input.dryRun === true) return accept(toResult(draft.value.plan, checks, []));

  return inTransaction<Outcome<ApplyResult>>(deps.db, async (tx) => {
    await lockWorkspace(tx, author.workspaceId);
    // Somebody may have changed the workspace while targets were inspected: only what is planned under the lock counts.
    const locked = await planFor(tx);
    if (!locked.ok) return locked;
    const { plan, loaded } = locked.value;
    if (!isAsSeen(loaded, input.seen)) return changedMeanwhile(input.seen?.tool ?? '');
    const agents = await writePlan(deps, tx, {
      workspaceId: author.workspaceId,
      actor: actorOf(author),
      plan,
      loaded,
      checks,
      prune,
      source: from === undefined ? 'hand' : 'file',
      confirms: new Map(input.seen === undefined ? [] : [[input.seen.tool, input.seen.reason]]),
    });
    if (from !== undefined) {
      const { workspaceId } = author;
      await noteFileImport(tx, { workspaceId, by: from.name, at: deps.clock.now() });
      await append(tx, {
        workspaceId,
        kind: 'directory.imported',
        actor: actorOf(author),
        data: { name: from.name },
      });
    }
    return accept(toResult(plan, checks, agents));
  });
}

/** Whether the tool is still what the author began from. */
function isAsSeen(loaded: LoadedWorkspace, seen: ApplyInput['seen']): boolean {
  if (seen === undefined) return true;
  const state = loaded.state.tools.find((tool) => tool.name === seen.tool && !tool.gone);
  const present = state === undefined ? null : (loaded.tools.get(seen.tool)?.pinHash ?? pinHash(state));
  return present === seen.basedOn;
}

const changedMeanwhile = (tool: string): Refusal =>
  refuse(
    'conflict',
    `The definition of ${tool} is no longer what you began from. Open it again and repeat your change.`,
  );

function readDocument(document: unknown): Outcome<WorkspaceDocument> {
  if (typeof document !== 'string') return parseDocument(document);
  const text = readDocumentText(document);
  if (!text.ok) return text;
  const parsed = parseDocument(text.value.value);
  if (parsed.ok) return parsed;
  return refuseDocument(
    (parsed.problems ?? []).map((problem) => {
      const { line, column } = text.value.locate(problem.pointer);
      return { ...problem, message: `${problem.message} (line ${line}, column ${column})` };
    }),
  );
}

async function makePlan(
  deps: ApplyDeps,
  client: Tx | Database['prisma'],
  author: ReviewerScope | OperatorScope,
  wish: { document: WorkspaceDocument; prune: boolean },
): Promise<Outcome<{ plan: DocumentPlan; loaded: LoadedWorkspace }>> {
  const loaded = await loadWorkspace(client, deps.vault, author.workspaceId);
  const plan = diffDocument(loaded.state, wish.document, { prune: wish.prune });
  const overreach = findOverreach(plan.changes, authorOf(author));
  if (overreach.length > 0) return refuseOverreach(overreach);
  const foreign = await findForeignPeople(client, author.workspaceId, plan);
  const problems = [...plan.problems, ...foreign];
  if (problems.length > 0) return refuseDocument(problems);
  return accept({ plan, loaded });
}

async function findForeignPeople(
  client: Tx | Database['prisma'],
  workspaceId: string,
  plan: DocumentPlan,
): Promise<InputProblem[]> {
  const created = changesOf(plan.changes, 'person').filter((change) => change.change === 'create');
  const foreign = await listForeignEmails(
    client,
    workspaceId,
    created.map((change) => change.name),
  );
  return created
    .filter((change) => foreign.includes(change.name))
    .map((change) => ({
      pointer: `${change.pointer}/email`,
      message: `${change.name} cannot be added here. Use another address of theirs.`,
    }));
}

function refuseOverreach(problems: InputProblem[]): Refusal {
  const first = problems[0]?.message ?? '';
  return refuse('forbidden', `Nothing was applied. ${first}`, { problems });
}

function authorOf(author: ReviewerScope | OperatorScope): DocumentAuthor {
  return author.kind === 'operator'
    ? { email: null, roles: ['owner'] }
    : { email: author.email, roles: author.roles };
}

function actorOf(author: ReviewerScope | OperatorScope): Actor {
  return author.kind === 'operator'
    ? { kind: 'holdpoint', id: null, name: author.name }
    : { kind: 'person', id: author.personId, name: author.name };
}

/** At most this many connections to targets at once. */
const INSPECTIONS_AT_ONCE = 4;

async function inspectTargets(deps: ApplyDeps, plan: DocumentPlan): Promise<Map<string, TargetCheck>> {
  const queue = changesOf(plan.changes, 'target').flatMap(({ change, after }) =>
    after !== null && change !== 'unchanged' ? [after] : [],
  );
  const checks = new Map<string, TargetCheck>();
  const work = async () => {
    for (let target = queue.shift(); target !== undefined; target = queue.shift()) {
      checks.set(target.name, await deps.inspector.inspect(target));
    }
  };
  await Promise.all(Array.from({ length: INSPECTIONS_AT_ONCE }, work));
  return checks;
}

function toResult(
  plan: DocumentPlan,
  checks: ReadonlyMap<string, TargetCheck>,
  agents: ApplyResult['agents'],
): ApplyResult {
  return {
    changes: plan.changes.map(({ kind, name, change, detail }) => ({
      kind,
      name,
      change,
      ...(detail === undefined ? {} : { detail }),
    })),
    agents,
    warnings: [...plan.warnings, ...warningsInOrder(plan, checks)],
  };
}

function warningsInOrder(plan: DocumentPlan, checks: ReadonlyMap<string, TargetCheck>): string[] {
  return changesOf(plan.changes, 'target').flatMap(({ name }) => {
    const check = checks.get(name);
    return check === undefined ? [] : warnAbout(name, check);
  });
}
