import { z } from 'zod';
import type { LatestActionView, PersonDetailView } from '@/server/domain/catalog-views';
import { accept, type Outcome, refuse } from '@/server/domain/refusal';
import type { ReviewerScope } from '@/server/domain/scopes';
import { storable } from '@/server/domain/storable-text';
import { listDecided, listLatest } from '@/server/store/latest';
import { findPersonRow } from '@/server/store/people-views';
import { isAdministrator } from './administrators';
import type { Deps } from './deps';

const id = storable(z.string().min(1).max(100));
export const latestInput = z.union([z.strictObject({ agentId: id }), z.strictObject({ targetId: id })]);
export const personInput = z.strictObject({ personId: id });

/** The newest planned actions of one agent or target. One that is not of this workspace has none. */
export const listLatestOf = (
  deps: Pick<Deps, 'db'>,
  viewer: ReviewerScope,
  input: z.infer<typeof latestInput>,
): Promise<LatestActionView[]> => listLatest(deps.db, viewer.workspaceId, input);

/** One person: what they may do and see, what they own, what they decided. Where they are signed in is for administrators and themselves. */
export async function getPerson(
  deps: Pick<Deps, 'db' | 'clock'>,
  viewer: ReviewerScope,
  { personId }: z.infer<typeof personInput>,
): Promise<Outcome<PersonDetailView>> {
  const { workspaceId, personId: viewerId } = viewer;
  const [found, decided] = await Promise.all([
    findPersonRow(deps.db, workspaceId, personId, deps.clock.now()),
    listDecided(deps.db, { workspaceId, personId, viewerId }),
  ]);
  if (found === null) return refuse('person_unknown', 'There is no such person in your workspace.');
  const sessions = isAdministrator(viewer) || personId === viewerId ? found.sessions : null;
  return accept({ ...found, sessions, decided });
}
