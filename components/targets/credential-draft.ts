/** What a person chose and typed; `keep` sends nothing. */
export type CredentialDraft = { kind: string; name: string; secret: string };

/** The kinds of proof a service may ask for, and what the two fields of each are called. */
export const CREDENTIAL_KINDS: readonly { kind: string; label: string; name?: string; secret: string }[] = [
  { kind: 'bearer', label: 'Bearer token', secret: 'Token' },
  { kind: 'basic', label: 'User name and password', name: 'User name', secret: 'Password' },
  { kind: 'header', label: 'Key in a header', name: 'Name of the header', secret: 'Key' },
  { kind: 'query', label: 'Key in the address', name: 'Name of the parameter', secret: 'Key' },
];

/** The part of a target's entry that says what its credentials are; nothing when they stay. */
export function toCredentials({ kind, name, secret }: CredentialDraft): { credentials?: unknown } {
  switch (kind) {
    case 'keep':
      return {};
    case 'bearer':
      return { credentials: { bearer: secret } };
    case 'basic':
      return { credentials: { basic: { username: name, password: secret } } };
    case 'header':
      return { credentials: { header: { name, value: secret } } };
    case 'query':
      return { credentials: { query: { name, value: secret } } };
    default:
      return { credentials: null };
  }
}
