import { type Refusal, refuse } from '@/server/domain/refusal';
import type { ReviewerScope } from '@/server/domain/scopes';

/** Whether this person sets up the workspace: owners and security leads do. */
export const isAdministrator = (person: ReviewerScope): boolean =>
  person.roles.some((role) => role === 'owner' || role === 'security_lead');

/** The refusal for everybody who does not set up the workspace; null for those who do. */
export function refuseUnlessAdministrator(person: ReviewerScope): Refusal | null {
  if (isAdministrator(person)) return null;
  return refuse(
    'forbidden',
    'Only an owner or a security lead can do this. Ask one of them in your workspace.',
  );
}

/** Who did it, for the log. */
export const personActor = (person: ReviewerScope) => ({
  kind: 'person' as const,
  id: person.personId,
  name: person.name,
});
