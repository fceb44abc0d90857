import type { ReviewerScope } from '@/server/domain/scopes';
import type { SessionView } from '@/server/domain/views';
import type { Deps } from './deps';

/** The reviewer's own sessions that are still good, newest first. */
export async function listSessions(
  deps: Pick<Deps, 'db' | 'clock'>,
  reviewer: ReviewerScope,
): Promise<SessionView[]> {
  const rows = await deps.db.prisma.session.findMany({
    where: {
      personId: reviewer.personId,
      workspaceId: reviewer.workspaceId,
      revokedAt: null,
      expiresAt: { gt: deps.clock.now() },
    },
    orderBy: { createdAt: 'desc' },
    take: 100,
  });
  return rows.map((row) => ({
    sessionId: row.id,
    startedAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
    userAgent: row.userAgent,
    address: row.address,
    current: row.id === reviewer.sessionId,
  }));
}
