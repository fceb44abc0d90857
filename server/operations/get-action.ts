import { confirmFact } from '@/server/domain/confirm-fact';
import { type Decider, entitlement } from '@/server/domain/decide';
import { maskFindings } from '@/server/domain/mask-findings';
import { sightOf } from '@/server/domain/masking';
import { PUBLISH_TOOL } from '@/server/domain/publish-tool';
import { classesQuoted, maySeeQuotes, withoutQuotes } from '@/server/domain/quotes';
import { accept, type Outcome, refuse } from '@/server/domain/refusal';
import type { ReviewerScope } from '@/server/domain/scopes';
import type { ActionDetail, Eligibility, VoteView } from '@/server/domain/views';
import type { Decision } from '@/server/domain/vocabulary';
import { type DetailRow, loadDetail } from '@/server/store/action-detail';
import { listActionRows } from '@/server/store/review-queries';
import type { Deps } from './deps';
import { mayDecide } from './list-actions';
import { toEventView, withoutVote } from './list-audit';
import { policyChangeOf } from './policy-change-of';
import { undoOf } from './undo-view';

const OVER_FOR_VOTES: ReadonlySet<string> = new Set(['held']);

function ballots(detail: DetailRow, personId: string): ActionDetail['ballots'] {
  const votes: VoteView[] = detail.decisions.map((d) => ({
    personId: d.personId,
    grantId: d.grantId,
    name: detail.names.get(d.personId) ?? 'Somebody',
    decision: d.decision as Decision,
    note: d.note,
    at: d.at.toISOString(),
  }));
  const yours = votes.find((v) => v.personId === personId) ?? null;
  // Blind: nobody sees another's answer before giving their own, or before it no longer matters.
  const open = OVER_FOR_VOTES.has(detail.action.status) && yours === null;
  return { count: votes.length, yours, visible: open ? null : votes };
}

function eligibility(detail: DetailRow, decider: Decider, votes: ActionDetail['ballots']): Eligibility {
  if (detail.status !== 'held') return { canDecide: false, why: null };
  if (votes.yours) return { canDecide: false, why: 'You have decided. It waits for others.' };
  const excluded = [
    { personId: detail.owner.id, why: `You own ${detail.agentName}.` },
    { personId: detail.action.ownerId, why: `You owned ${detail.agentName} when it planned this.` },
  ];
  if (detail.run?.onBehalfOfId) {
    excluded.push({ personId: detail.run.onBehalfOfId, why: 'The agent runs this on your behalf.' });
  }
  for (const personId of detail.action.excludedIds) {
    excluded.push({ personId, why: 'You wrote part of what this is about.' });
  }
  const reviewerGroups = detail.obligation?.reviewers ?? [];
  const roles = detail.obligation?.roles ?? null;
  const deciders = detail.decisions.map((d) => d.personId);
  const entitled = entitlement({ excluded, reviewerGroups, roles, deciders }, decider);
  return entitled.ok ? { canDecide: true, why: null } : { canDecide: false, why: entitled.message };
}

/** Whether this person may read what the database said in its own words, which may quote any value the statement came across (P10). */
function quotesFor(detail: DetailRow, person: ReviewerScope): boolean {
  const sight = { clearances: person.clearances, revealed: new Set(detail.revealed) };
  return maySeeQuotes(classesQuoted(detail.footprint, detail.targetClasses), sight);
}

function imagesOf(detail: DetailRow, person: ReviewerScope): ActionDetail['images'] {
  const classes = detail.footprint?.columnClasses ?? {};
  const touched = new Set(detail.footprint?.items.flatMap((i) => i.classes ?? []) ?? []);
  for (const columns of Object.values(classes)) for (const c of Object.values(columns)) touched.add(c);
  for (const { class: found } of detail.footprint?.payload?.findings ?? []) touched.add(found);
  const sight = { clearances: person.clearances, revealed: new Set(detail.revealed) };
  const of = (state: string) => [...touched].filter((c) => sightOf(c, sight) === state).sort();
  return {
    total: detail.action.imagesTotal,
    kept: detail.imagesKept,
    withheldClasses: of('withheld'),
    maskedClasses: of('masked'),
    revealedClasses: detail.revealed,
  };
}

type Ran = {
  rowCount?: number;
  httpStatus?: number;
  fileCount?: number;
  columns?: string[];
  truncated?: boolean;
  error?: { code?: string; message?: string; quoted?: string };
  evidence?: string;
  why?: string;
  target?: string;
};

const FILES_SAID: Readonly<Record<string, string>> = {
  committed: 'Looking at the tree shows that all of it was done.',
  aborted: 'Looking at the tree shows that none of it was done.',
};

/** What looking afterwards found, by the kind of target that was looked at. */
function lookedUpWords(kind: string, found: string): string {
  if (kind === 'http') return 'A service keeps no record that could be asked; look there.';
  if (kind !== 'files') return `The database says the transaction is ${found.replace('_', ' ')}.`;
  const partly = /^partly: (.+)$/s.exec(found)?.[1];
  if (partly !== undefined) return `Looking at the tree shows: ${partly}.`;
  return FILES_SAID[found] ?? 'Looking at the tree does not tell what was done.';
}

/** What became of it, from the log: the log holds no row contents, so a reviewer never sees here what only the agent was given. */
function outcomeOf(detail: DetailRow, quotes: boolean): ActionDetail['outcome'] {
  const event = detail.history.findLast((e) =>
    /^execution\.(succeeded|failed|unknown_outcome)$/.test(e.kind),
  );
  if (!event) return null;
  const ran = event.data as Ran;
  const evidence =
    ran.target === undefined ? null : lookedUpWords(detail.target?.kind ?? 'postgres', ran.target);
  const error: Ran['error'] =
    ran.error ?? (ran.why === undefined ? undefined : { code: 'unknown_outcome', message: ran.why });
  const words = (quotes ? error?.quoted : undefined) ?? error?.message ?? error?.code ?? '';
  return {
    rowCount: ran.rowCount ?? null,
    ...(ran.httpStatus === undefined ? {} : { httpStatus: ran.httpStatus }),
    ...(ran.fileCount === undefined ? {} : { fileCount: ran.fileCount }),
    columns: ran.columns ?? [],
    truncated: ran.truncated ?? false,
    error: error ? { code: error.code ?? 'error', message: words } : null,
    evidence,
  };
}

function runOf(detail: DetailRow): ActionDetail['run'] {
  const { run } = detail;
  if (!run) return null;
  return {
    id: run.id,
    goal: run.goal,
    onBehalfOf: run.onBehalfOf,
    mandate: run.mandate,
    startedAt: run.startedAt.toISOString(),
    finishedAt: run.finishedAt?.toISOString() ?? null,
    steps: detail.steps,
  };
}

function holdOf(detail: DetailRow): ActionDetail['hold'] {
  if (!detail.obligation) return null;
  return {
    ...detail.obligation,
    needed: detail.action.needed,
    approvals: detail.action.approvals,
    eligible: detail.eligible,
    confirm: confirmFact(detail.blastRadius, detail.tool.name),
  };
}

/** Everything about one planned action as this person may see it; a blind vote stays blind, masked data stays masked. */
export async function getAction(
  deps: Deps,
  person: ReviewerScope,
  input: { actionId: string },
): Promise<Outcome<ActionDetail>> {
  const unknown = refuse('action_unknown', 'There is no such planned action in your workspace.');
  const [rows, detail] = await Promise.all([
    listActionRows(deps.db, {
      workspaceId: person.workspaceId,
      personId: person.personId,
      mayDecide: mayDecide(person),
      id: input.actionId,
      limit: 1,
    }),
    loadDetail(deps.db, person.workspaceId, person.personId, input.actionId),
  ]);
  const [item] = rows;
  if (!item || !detail) return unknown;
  const votes = ballots(detail, person.personId);
  const { groups, lent } = detail;
  const decider = { personId: person.personId, roles: person.roles, groups, lent };
  const { action } = detail;
  const quotes = quotesFor(detail, person);
  const sight = { clearances: person.clearances, revealed: new Set(detail.revealed) };
  const call = { args: detail.args, origins: detail.footprint?.origins ?? [], footprint: detail.footprint };
  const { args, origins, footprint } = maskFindings(call, sight);
  return accept({
    ...item,
    digest: action.digest,
    footprintDigest: action.footprintDigest,
    url: `${deps.url}/actions/${action.id}`,
    toolDetail: detail.tool,
    targetDetail: detail.target && { ...detail.target, role: detail.footprint?.as?.role ?? null },
    owner: detail.owner,
    args,
    reason: action.reason,
    run: runOf(detail),
    footprint: footprint && (quotes ? footprint : withoutQuotes(footprint)),
    blastRadius: detail.blastRadius,
    rules: detail.verdict?.rules ?? [],
    policy: detail.verdict?.policy ?? null,
    hold: holdOf(detail),
    eligibility: eligibility({ ...detail, status: item.status }, decider, votes),
    ballots: votes,
    origins,
    drift: action.drift as ActionDetail['drift'],
    images: imagesOf(detail, person),
    outcome: outcomeOf(detail, quotes),
    policyChange:
      detail.tool.name === PUBLISH_TOOL ? await policyChangeOf(deps, person.workspaceId, action.id) : null,
    note: action.note,
    undo: undoOf(detail),
    edit: { of: action.supersedesId, into: detail.editedInto },
    history: detail.history.map((e) =>
      toEventView(
        votes.visible === null && e.footprintDigest === action.footprintDigest ? withoutVote(e) : e,
        quotes,
      ),
    ),
  });
}
