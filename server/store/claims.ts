import type { Actor } from '@/server/domain/audit-event';
import type { RefusalCode } from '@/server/domain/refusal';
import type { ExecutionMode } from '@/server/domain/vocabulary';
import type { Database } from './database';

export type ClaimRequest = {
  workspaceId: string;
  actionId: string;
  execution: ExecutionMode;
  /** The agent and key that claim; both null when the broker does. */
  agentId: string | null;
  keyId: string | null;
  holder: string;
  leaseSeconds: number;
  actor: Actor;
  /** The version of the directory the audience was resolved with just now; null for what the broker executes and measures itself. */
  directory: string | null;
  /** The policy this process takes to be in force; another one in the database is `policy_changed`. */
  policy: string;
};
export type ClaimResult =
  | { code: null; releaseId: string; expiresAt: Date }
  | { code: RefusalCode | 'directory_changed' | 'policy_changed'; releaseId: null; expiresAt: null };

/** Takes the one release of an action, checked and taken in a single statement (P1, P2, P5). */
export async function claimRelease(db: Database, request: ClaimRequest): Promise<ClaimResult> {
  const { rows } = await db.pool.query<ClaimResult>({
    name: 'claim_release',
    text: `SELECT code, release_id AS "releaseId", release_expires_at AS "expiresAt"
           FROM claim_release($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    values: [
      request.workspaceId,
      request.actionId,
      request.execution,
      request.agentId,
      request.keyId,
      request.holder,
      request.leaseSeconds,
      request.actor.kind,
      request.actor.id,
      request.actor.name,
      request.directory,
      request.policy,
    ],
  });
  return rows[0] ?? { code: 'action_unknown', releaseId: null, expiresAt: null };
}
