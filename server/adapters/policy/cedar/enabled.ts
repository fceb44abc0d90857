import type { PolicyEntry } from '@/server/domain/policy-set';
import type { Policies } from './read-policies';

/** The policies of a set that judge, by name. */
export const enabledOf = (policies: readonly PolicyEntry[]): Policies =>
  Object.fromEntries(policies.filter((p) => !p.disabled).map((p) => [p.id, p.text]));
