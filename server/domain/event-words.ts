import type { AuditKind } from './audit-event';

type Data = Readonly<Record<string, unknown>>;
type Words = string | ((who: string, data: Data) => string);

const text = (value: unknown): string => (value === null || value === undefined ? '' : String(value));
const quoted = (value: unknown): string => (text(value) === '' ? '' : `: “${text(value)}”`);
const count = (value: unknown): number => (Array.isArray(value) ? value.length : Number(value ?? 0));
const errorOf = (data: Data): string => text((data.error as Data | undefined)?.message ?? data.why);
const decisionWords: Record<string, string> = {
  approve: 'approved it',
  reject: 'rejected it',
  send_back: 'sent it back',
};

/** What an administrator does to people, groups, agents, keys, targets and tools. */
const DONE: Readonly<Record<string, string>> = {
  created: 'added',
  updated: 'changed',
  removed: 'removed',
  rotated: 'rotated',
  revoked: 'revoked',
  checked: 'checked',
  confirmed: 'confirmed the new definition of',
};

/** `target.updated` by Ana with a name and a detail reads "Ana changed the target hr (search path)". */
function administration(kind: string, who: string, data: Data): string | null {
  const [thing = '', what = ''] = kind.split('.');
  const verb = DONE[what];
  if (verb === undefined) return null;
  const name = text(data.name ?? data.email ?? data.agent ?? data.prefix);
  const detail = text(data.detail) === '' ? '' : ` (${text(data.detail)})`;
  return `${who} ${verb} the ${thing} ${name}`.trimEnd() + detail + quoted(data.reason);
}

function amountOf(d: Data): string {
  if (d.httpStatus !== undefined) return `the service answered ${text(d.httpStatus)}`;
  const files = count(d.fileCount);
  if (d.fileCount !== undefined) return files === 1 ? '1 file' : `${files.toLocaleString('en')} files`;
  return `${count(d.rowCount).toLocaleString('en')} rows`;
}

const ESCALATED: Readonly<Record<string, string>> = {
  remind: 'Half of its time was over: those who can decide were told again',
  widen: 'Three quarters of its time were over: owners and security leads were told',
  page: 'It was about to expire: everybody concerned was paged',
};

const WORDS: Partial<Record<AuditKind, Words>> = {
  'run.started': (who, d) => `${who} started a run${quoted(d.goal)}`,
  'run.finished': (who) => `${who} finished the run`,
  'run.observed': (who, d) => `${who} reported what ${text(d.tool)} answered`,
  'action.submitted': (who, d) =>
    d.edits
      ? `${who} planned it in place of what the agent had planned`
      : `${who} planned a call of ${text(d.tool)}`,
  'action.allowed': () => 'Policy allowed it',
  'action.held': (_, d) =>
    `Policy held it for ${count(d.quorum) === 1 ? 'one person' : `${count(d.quorum)} people`}`,
  'action.denied': () => 'Policy denied it',
  'action.decided': (who, d) =>
    `${d.grantId ? 'By a grant of ' : ''}${who}${d.inPlaceOf ? `, in the place of ${listOf(d.inPlaceOf)},` : ''} ${decisionWords[text(d.decision)] ?? 'decided'}${quoted(d.note)}`,
  'action.edited': (who, d) => `${who} changed its arguments and planned that instead${quoted(d.note)}`,
  'action.escalated': (_, d) => ESCALATED[text(d.stage)] ?? 'It was said again',
  'action.stuck': (_, d) =>
    `${count(d.missing) === 1 ? 'One person' : `${count(d.missing)} people`} too few could decide it: owners and security leads were told`,
  'action.rejudged': (_, d) =>
    `Policy changed, and it was judged again${d.changes && count(d.changes) > 0 ? `: ${(d.changes as string[]).join(' ')}` : ''}`,
  'action.released': () => 'Enough people approved: released once',
  'action.rejected': (who) => `Rejected by ${who}`,
  'action.sent_back': (who) => `Sent back for changes by ${who}`,
  'action.expired': (_, d) =>
    d.was === 'released' ? 'The release expired unused' : 'Nobody decided in time: the hold expired',
  'action.cancelled': (who) => `${who} withdrew it`,
  'action.revoked': (_, d) => `Revoked${quoted(d.because)}`,
  'drill.started': (who, d) => `${who} started a drill with ${text(d.tool)}, in the name of ${text(d.agent)}`,
  'drill.ended': (_, d) =>
    `It was a drill: ${{ let_through: 'policy would have let it through', caught: 'it was refused', missed: 'it was approved, and nothing ran' }[text(d.outcome)] ?? 'it is over'}`,
  'release.claimed': (who) => `${who} claimed the release`,
  'execution.succeeded': (who, d) => (d.reported ? `${who} reported success` : `Executed: ${amountOf(d)}`),
  'execution.failed': (who, d) =>
    d.reported ? `${who} reported a failure` : `Failed, nothing changed${quoted(errorOf(d))}`,
  'execution.drifted': (_, d) =>
    d.when === 'claim'
      ? 'Not handed out: it was no longer what had been approved'
      : 'Rolled back: it was no longer what had been approved',
  'execution.unknown_outcome': (_, d) => `The outcome is not known${quoted(d.why)}`,
  'undo.planned': (who) => `${who} planned to undo it`,
  'data.viewed': (who, d) => `${who} looked at ${listOf(d.classes)} data`,
  'data.revealed': (who, d) => `${who} revealed ${listOf(d.classes)} data${quoted(d.reason)}`,
  'anomaly.found': (_, d) => `Something unusual: ${text(d.agent)}: ${text(d.what)}`,
  'anomaly.closed': (who, d) => `${who} looked at what was unusual about ${text(d.agent)}${quoted(d.note)}`,
  'anomaly.rule_changed': (who, d) =>
    `${who} changed how agents are watched (${text(d.rule)}: ${text(d.mode)})`,
  'glass.broken': (who, d) => `${who} broke the glass and released it alone${quoted(d.reason)}`,
  'glass.reviewed': (who, d) =>
    `${who} closed the review of a broken glass as ${d.finding === 'justified' ? 'justified' : 'not justified'}${quoted(d.note)}`,
  'mandate.granted': (who, d) =>
    `${who} granted a run its mandate until ${text(d.until).slice(0, 16).replace('T', ' ')} UTC${quoted(d.reason)}`,
  'mandate.ended': (who, d) => `${who} ended the mandate of a run${quoted(d.reason)}`,
  'template.updated': (who, d) => `${who} wrote the mandate template ${text(d.name)}`,
  'template.removed': (who, d) => `${who} removed the mandate template ${text(d.name)}`,
  'grant.created': (who, d) =>
    `${who} allowed ${text(d.agent)} more like it with ${text(d.tool)} until ${text(d.until).slice(0, 16).replace('T', ' ')} UTC${quoted(d.reason)}`,
  'grant.revoked': (who, d) => `${who} took back a grant for ${text(d.agent)}${quoted(d.reason)}`,
  'halt.engaged': (who, d) => `${who} halted ${text(d.subject)}${quoted(d.reason)}`,
  'delivery.retried': (who, d) => `${who} had a message to ${text(d.recipient)} tried again`,
  'halt.lifted': (who, d) => `${who} lifted the halt of ${text(d.subject)}${quoted(d.reason)}`,
  'absence.started': (who, d) =>
    `${who} said that ${text(d.name)} is away${text(d.standIn) === '' ? '' : `, with ${text(d.standIn)} deciding in their place`}`,
  'absence.ended': (who, d) => `${who} said that ${text(d.name)} is back`,
  'session.started': (who) => `${who} signed in`,
  'session.ended': (who) => `${who} signed out`,
  'scim_token.created': (who, d) => `${who} made a SCIM token for ${text(d.name)}`,
  'scim_token.revoked': (who, d) => `${who} revoked the SCIM token for ${text(d.name)}`,
  'scim.refused': (who, d) => `${who} was refused a change of ${text(d.name)}${quoted(d.reason)}`,
  'directory.updated': (who, d) => `${who} changed which mail domains are ours: ${listOf(d.domains)}`,
  'directory.imported': (who, d) => `${who} imported the directory from ${text(d.name)}`,
  'policy.published': (_, d) =>
    `Policy version ${text(d.version)} is in force${d.restores === null || d.restores === undefined ? '' : `, restoring version ${text(d.restores)}`}`,
  'document.applied': (who) => `${who} applied a workspace document`,
};

function listOf(value: unknown): string {
  return Array.isArray(value) ? value.join(', ') : text(value);
}

/** One sentence for one event, for people. Unknown kinds read as their own name, so that nothing in the log is ever invisible. */
export function eventWords(kind: string, who: string, data: Data): string {
  const words = WORDS[kind as AuditKind];
  if (words === undefined) {
    return administration(kind, who, data) ?? `${who}: ${kind.replace('.', ' ')}${quoted(data.name)}`;
  }
  return typeof words === 'string' ? words : words(who, data);
}
