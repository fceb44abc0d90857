import { z } from 'zod';

const provider = z
  .object({
    id: z.string().regex(/^[a-z0-9-]{1,40}$/, 'must be lower-case letters, digits and dashes'),
    name: z.string().min(1).max(60),
    issuer: z.url(),
    clientId: z.string().min(1),
    clientSecret: z.string().min(1),
  })
  .strict();
const providers = z
  .array(provider)
  .max(20)
  .refine((all) => new Set(all.map((p) => p.id)).size === all.length, 'ids must differ')
  .refine((all) => all.every((p) => p.id !== 'credentials'), '"credentials" is taken by passwords');

/** An OpenID Connect provider people may sign in with. */
export type IdentityProvider = z.infer<typeof provider>;

/** Reads HOLDPOINT_OIDC. Throws one readable sentence; never quotes the value, which holds secrets. */
export function readIdentityProviders(json: string | undefined): IdentityProvider[] {
  if (json === undefined || json.trim() === '') return [];
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new Error('HOLDPOINT_OIDC is not valid JSON; it is an array with one object per provider.');
  }
  const parsed = providers.safeParse(value);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((i) => `${i.path.join('.')} ${i.message}`).join('; ');
  throw new Error(`HOLDPOINT_OIDC is not right: ${faults}.`);
}
