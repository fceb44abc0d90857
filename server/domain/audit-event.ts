/** Every kind of event the log knows. Summaries in words are made by `describeEvent` when shown, never stored. */
export const AUDIT_KINDS = [
  'run.started',
  'run.finished',
  'run.observed',
  'action.submitted',
  'action.measured',
  'action.allowed',
  'action.rejudged',
  'action.held',
  'action.denied',
  'action.decided',
  'action.edited',
  'action.escalated',
  'action.stuck',
  'action.released',
  'action.rejected',
  'action.sent_back',
  'action.expired',
  'action.cancelled',
  'action.revoked',
  'release.claimed',
  'execution.started',
  'execution.succeeded',
  'execution.failed',
  'execution.drifted',
  'execution.unknown_outcome',
  'undo.planned',
  'data.viewed',
  'data.revealed',
  'anomaly.found',
  'anomaly.closed',
  'anomaly.rule_changed',
  'glass.broken',
  'glass.reviewed',
  'mandate.granted',
  'mandate.ended',
  'template.updated',
  'template.removed',
  'grant.created',
  'grant.revoked',
  'drill.started',
  'drill.ended',
  'halt.engaged',
  'halt.lifted',
  'delivery.retried',
  'session.started',
  'session.ended',
  'sign_in.refused',
  'person.created',
  'person.updated',
  'person.removed',
  'passkey.created',
  'passkey.removed',
  'device.created',
  'device.removed',
  'absence.started',
  'absence.ended',
  'directory.updated',
  'directory.imported',
  'group.created',
  'group.updated',
  'group.removed',
  'agent.created',
  'agent.updated',
  'agent.removed',
  'key.created',
  'key.rotated',
  'key.revoked',
  'target.created',
  'target.updated',
  'target.removed',
  'target.checked',
  'tool.created',
  'tool.updated',
  'tool.removed',
  'tool.confirmed',
  'scim_token.created',
  'scim_token.revoked',
  'scim.refused',
  'document.applied',
  'policy.published',
  'owner.created',
] as const;
export type AuditKind = (typeof AUDIT_KINDS)[number];

export type Actor = { kind: 'person' | 'agent' | 'holdpoint'; id: string | null; name: string };
export const HOLDPOINT: Actor = { kind: 'holdpoint', id: null, name: 'Holdpoint' };

/** One line of the log: who did what to which digest. `data` never holds row contents or secrets. */
export type AuditEvent = {
  workspaceId: string;
  kind: AuditKind;
  actor: Actor;
  actionId?: string | null;
  digest?: string | null;
  footprintDigest?: string | null;
  data?: Record<string, unknown>;
};

/** Something outside must hear of: delivered after the commit that wrote it, at least once. */
export type Notice = {
  workspaceId: string;
  topic:
    | 'action.held'
    | 'action.reminded'
    | 'action.widened'
    | 'action.paged'
    | 'action.stuck'
    | 'action.decided'
    | 'action.expired'
    | 'action.cancelled'
    | 'action.drifted'
    | 'anomaly.found'
    | 'glass.broken'
    | 'halt.engaged'
    | 'halt.lifted';
  actionId?: string;
  payload: Record<string, unknown>;
};
