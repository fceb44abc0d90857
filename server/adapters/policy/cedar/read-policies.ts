import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { policySetTextToParts, policyToJson } from './engine';

/** Policies by their `@id`, in the order they are written. Passed to Cedar as a map, because a set passed as one text loses its names. */
export type Policies = Readonly<Record<string, string>>;

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** Splits a text of several policies. Throws on what does not parse, has no `@id`, or repeats one. */
export function splitPolicies(text: string, known: Policies = {}): Policies {
  const parts = policySetTextToParts(text);
  if (parts.type === 'failure') throw new Error(parts.errors.map((e) => e.message).join('; '));
  if (parts.policy_templates.length > 0)
    throw new Error('Templates (?principal, ?resource) are not used here.');
  const policies: Record<string, string> = { ...known };
  const inOrder = parts.policies.sort((a, b) => text.indexOf(a) - text.indexOf(b));
  for (const policy of inOrder) {
    const read = policyToJson(policy);
    const id = read.type === 'success' ? read.json.annotations?.id : undefined;
    if (id === undefined) throw new Error(`A policy has no @id: ${policy.slice(0, 200)}`);
    if (Object.hasOwn(policies, id)) throw new Error(`Two policies are called "${id}".`);
    policies[id] = policy;
  }
  return policies;
}

/** Every policy of the `.cedar` files in a folder, file by file in the order of their names. Throws naming the file that is wrong. */
export function readPolicies(folder: string): Policies {
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.cedar'))
    .sort();
  let all: Policies = {};
  for (const file of files) {
    try {
      all = splitPolicies(readFileSync(join(folder, file), 'utf8'), all);
    } catch (error) {
      throw new Error(`${file}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return all;
}

/** The policies that ship with Holdpoint. */
export const readDefaultPolicies = (): Policies => readPolicies(here('./policies'));

/** What policies may look at, in Cedar's schema language. */
export const SCHEMA = readFileSync(here('./schema.cedarschema'), 'utf8');
