import { append } from '@/server/store/audit';
import { inTransaction } from '@/server/store/database';
import { wake } from '@/server/store/outbox';
import { endSessions, findLiveSession } from '@/server/store/sessions';
import type { Deps } from './deps';

/** Signs out: from the commit on the session opens nothing. Ending one that has ended already changes nothing. */
export async function endSession(deps: Pick<Deps, 'db'>, sessionId: string): Promise<void> {
  const session = await findLiveSession(deps.db, sessionId);
  if (session === null) return;
  await inTransaction(deps.db, async (tx) => {
    const ended = await endSessions(tx, session);
    if (ended.length === 0) return;
    await append(tx, {
      workspaceId: session.workspaceId,
      kind: 'session.ended',
      actor: { kind: 'person', id: session.personId, name: session.name },
      data: { sessionId, reason: 'signed_out' },
    });
    await wake(tx, session.workspaceId, { config: true });
  });
}
