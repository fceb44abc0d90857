import type { Classification, Role } from './vocabulary';

declare const minted: unique symbol;

/** Who is asking, proven. Only `server/api/auth` mints these (P8); nothing else can build one. */
export type AgentScope = {
  readonly [minted]: 'agent';
  readonly kind: 'agent';
  readonly workspaceId: string;
  readonly workspaceName: string;
  readonly agentId: string;
  readonly agentName: string;
  readonly ownerId: string;
  readonly keyId: string;
  readonly clearances: readonly Classification[];
};

export type ReviewerScope = {
  readonly [minted]: 'reviewer';
  readonly kind: 'reviewer';
  readonly workspaceId: string;
  readonly personId: string;
  readonly sessionId: string;
  readonly name: string;
  readonly email: string;
  readonly roles: readonly Role[];
  readonly clearances: readonly Classification[];
};

/** An identity provider that keeps people and groups of one workspace up to date, and may do nothing else. */
export type ScimScope = {
  readonly [minted]: 'scim';
  readonly kind: 'scim';
  readonly workspaceId: string;
  readonly tokenId: string;
  readonly label: string;
};
