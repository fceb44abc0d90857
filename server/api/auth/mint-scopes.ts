import type { AgentScope, ReviewerScope, ScimScope } from '@/server/domain/scopes';
import type { Role } from '@/server/domain/vocabulary';
import type { AgentHolder } from '@/server/operations/identify-agent';
import type { ChatPerson } from '@/server/operations/identify-chat-person';
import type { ScimHolder } from '@/server/operations/identify-scim';
import type { LiveSession } from '@/server/operations/identify-session';

// The only casts in the product that make a scope: from rows that authentication has just read, and from nothing else (P8).

export function mintAgentScope(holder: AgentHolder): AgentScope {
  return {
    kind: 'agent',
    workspaceId: holder.workspaceId,
    workspaceName: holder.workspaceName,
    agentId: holder.agentId,
    agentName: holder.agentName,
    ownerId: holder.ownerId,
    keyId: holder.keyId,
    clearances: holder.clearances,
  } as unknown as AgentScope;
}

export function mintReviewerScope(session: Omit<LiveSession, 'expiresAt' | 'isDue'>): ReviewerScope {
  return {
    kind: 'reviewer',
    workspaceId: session.workspaceId,
    personId: session.personId,
    sessionId: session.sessionId,
    name: session.name,
    email: session.email,
    roles: session.roles as Role[],
    clearances: session.clearances,
  } as unknown as ReviewerScope;
}

/** For one answer to one signed request of a chat; there is no session behind it. */
export const mintChatScope = (person: ChatPerson): ReviewerScope =>
  mintReviewerScope({ ...person, sessionId: 'slack' });

export function mintScimScope(holder: Pick<ScimHolder, 'tokenId' | 'workspaceId' | 'label'>): ScimScope {
  const { workspaceId, tokenId, label } = holder;
  return { kind: 'scim', workspaceId, tokenId, label } as unknown as ScimScope;
}
