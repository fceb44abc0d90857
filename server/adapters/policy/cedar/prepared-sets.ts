import { hashOf } from '@/server/domain/canonical';
import { preparsePolicySet, preparseSchema } from './engine';
import { type Policies, SCHEMA } from './read-policies';

/**
 * The engine keeps what was prepared under an id for ever; only writing over the id frees it. So there are this many ids, and the set that was
 * not asked for the longest gives up its own.
 */
export const PLACES = 32;
/** Content hash → the engine's id, least recently used first. One per process, like the engine's own memory. */
const places = new Map<string, string>();

const described = (errors: readonly { message: string }[]): string => errors.map((e) => e.message).join('; ');

let schemaName: string | null = null;

/** The engine's name for the schema, prepared once. */
export function preparedSchema(): string {
  if (schemaName !== null) return schemaName;
  const answer = preparseSchema('holdpoint', SCHEMA);
  if (answer.type === 'failure') throw new Error(`The policy schema is invalid: ${described(answer.errors)}`);
  schemaName = 'holdpoint';
  return schemaName;
}

/** Names a set by its content: equal policies share what was prepared for them. */
export const hashOfPolicies = (policies: Policies): string => hashOf(policies);

/** The engine's id of these policies, prepared again when their place was given away. Throws when they do not parse. */
export function preparedSet(hash: string, policies: Policies): string {
  const known = places.get(hash);
  if (known !== undefined) {
    places.delete(hash);
    places.set(hash, known);
    return known;
  }
  const [oldest] = places.entries();
  const given = places.size < PLACES || oldest === undefined ? null : oldest;
  const id = given?.[1] ?? `set-${places.size}`;
  const answer = preparsePolicySet(id, { staticPolicies: { ...policies } });
  // A failure leaves the engine's memory as it was, so the place still belongs to whoever had it.
  if (answer.type === 'failure') throw new Error(described(answer.errors));
  if (given !== null) places.delete(given[0]);
  places.set(hash, id);
  return id;
}
