import type { Database, Tx } from './database';

/** `owner`: the first person of a new installation. `invite`: somebody who has no password yet. `reset`: somebody who has one. */
export type SetupPurpose = 'owner' | 'invite' | 'reset';

export type SetupLinkRow = {
  tokenHash: string;
  purpose: SetupPurpose;
  workspaceId: string | null;
  personId: string | null;
  expiresAt: Date;
  usedAt: Date | null;
};

/** The link if it was ever made, used or not; reading changes nothing. */
export async function findSetupLink(db: Database, tokenHash: string): Promise<SetupLinkRow | null> {
  const row = await db.prisma.setupLink.findUnique({ where: { tokenHash } });
  return row === null ? null : { ...row, purpose: row.purpose as SetupPurpose };
}

export async function insertSetupLink(
  tx: Tx,
  link: Omit<SetupLinkRow, 'expiresAt' | 'usedAt'> & { lifeSeconds: number },
): Promise<Date> {
  const [row] = await tx.$queryRaw<{ expires_at: Date }[]>`
    INSERT INTO setup_link (token_hash, purpose, workspace_id, person_id, expires_at)
    VALUES (${link.tokenHash}, ${link.purpose}, ${link.workspaceId}, ${link.personId}, now() + make_interval(secs => ${link.lifeSeconds}))
    RETURNING expires_at`;
  if (row === undefined) throw new Error('a setup link was not written');
  return row.expires_at;
}

/** Makes earlier unused links to the same end worthless: only the newest opens. */
export async function withdrawSetupLinks(
  tx: Tx,
  of: { purpose: 'owner' } | { personId: string },
): Promise<void> {
  await tx.setupLink.deleteMany({ where: { ...of, usedAt: null } });
}

/**
 * Uses the link up: true for exactly one caller, however many try at once, and only before its end. A second caller waits here for the
 * first to commit and then finds it used.
 */
export async function consumeSetupLink(tx: Tx, tokenHash: string): Promise<boolean> {
  const used = await tx.$executeRaw`
    UPDATE setup_link SET used_at = now() WHERE token_hash = ${tokenHash} AND used_at IS NULL AND expires_at > clock_timestamp()`;
  return used === 1;
}

/** Held to the end of the transaction by whoever makes the first owner, so that two never do at once. */
export async function lockInstallation(tx: Tx): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('holdpoint.first-owner', 0))`;
}
