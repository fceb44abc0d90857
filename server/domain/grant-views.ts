import type { NamedRef } from './catalog-views';
import type { GrantBounds, GrantShape } from './grant';
import type { MandateLimits } from './mandate';

/** What a grant made from an action would be given for; `cost` is what that action itself would have taken of it. */
export type GrantPreview = {
  agent: string;
  tool: string;
  shape: GrantShape;
  cost: GrantBounds;
  /** As a policy would say it, without its bounds. */
  text: string;
};

/** A mandate that runs get without a person, when they ask for no more. */
export type MandateTemplateView = {
  name: string;
  agents: string[];
  limits: MandateLimits;
  hours: number;
  createdBy: string;
  updatedAt: string;
};

export type GrantView = {
  grantId: string;
  state: 'live' | 'used_up' | 'expired' | 'revoked';
  agent: NamedRef;
  tool: NamedRef;
  by: NamedRef;
  /** The action it was made from. */
  actionId: string;
  reason: string;
  createdAt: string;
  expiresAt: string;
  revokedBy: string | null;
  shape: GrantShape;
  bounds: GrantBounds;
  used: GrantBounds;
  /** As a policy would say it. */
  text: string;
  mayRevoke: boolean;
};
