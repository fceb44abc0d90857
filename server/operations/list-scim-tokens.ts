import type { ScimTokenView } from '@/server/domain/directory-views';
import { accept, type Outcome } from '@/server/domain/refusal';
import type { ReviewerScope } from '@/server/domain/scopes';
import { listScimTokenRows } from '@/server/store/scim-tokens';
import { refuseUnlessAdministrator } from './administrators';
import type { Deps } from './deps';
import { scimBase } from './save-scim-person';

/** The workspace's SCIM tokens, newest first, without their secrets, and the address to paste beside one. */
export async function listScimTokens(
  deps: Pick<Deps, 'db' | 'clock' | 'url'>,
  person: ReviewerScope,
): Promise<Outcome<{ endpoint: string; tokens: ScimTokenView[] }>> {
  const refused = refuseUnlessAdministrator(person);
  if (refused !== null) return refused;
  const now = deps.clock.now();
  const rows = await listScimTokenRows(deps.db, person.workspaceId);
  const makers = await deps.db.prisma.person.findMany({
    where: { workspaceId: person.workspaceId, id: { in: rows.map((row) => row.createdById) } },
    select: { id: true, name: true },
  });
  const names = new Map(makers.map(({ id, name }) => [id, name]));
  const tokens = rows.map(
    (row): ScimTokenView => ({
      tokenId: row.id,
      label: row.label,
      prefix: row.prefix,
      state: row.revokedAt !== null ? 'revoked' : row.expiresAt <= now ? 'expired' : 'live',
      createdAt: row.createdAt.toISOString(),
      createdBy: names.get(row.createdById) ?? 'somebody removed',
      expiresAt: row.expiresAt.toISOString(),
      revokedAt: row.revokedAt?.toISOString() ?? null,
      lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
    }),
  );
  return accept({ endpoint: scimBase(deps.url), tokens });
}
