import { createHash, createPrivateKey, createPublicKey, hkdfSync } from 'node:crypto';
import { SignJWT } from 'jose';
import type { ReleaseSigner } from '@/server/domain/ports';

const INFO = 'holdpoint/release-signer/v1';
/** RFC 8410: what stands before the 32 bytes of an Ed25519 seed in PKCS #8. */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');
/** Named in the header (RFC 8725), so that no other token signed with this key can pass for a release. */
export const RELEASE_TYPE = 'holdpoint-release+jwt';

/**
 * Signs with the one Ed25519 key that follows from `secret` (at least 32 bytes): every process of an installation has the same key
 * and none stores it. `kid` is the key's RFC 7638 thumbprint.
 */
export function createReleaseSigner(secret: Uint8Array): ReleaseSigner {
  if (secret.length < 32) throw new Error('The release signer needs a secret of at least 32 bytes.');
  const seed = Buffer.from(hkdfSync('sha256', secret, new Uint8Array(), INFO, 32));
  const privateKey = createPrivateKey({
    key: Buffer.concat([PKCS8_PREFIX, seed]),
    format: 'der',
    type: 'pkcs8',
  });
  const { crv, kty, x } = createPublicKey(privateKey).export({ format: 'jwk' });
  const kid = createHash('sha256').update(JSON.stringify({ crv, kty, x })).digest('base64url');
  return {
    sign: (claims) =>
      new SignJWT(claims).setProtectedHeader({ alg: 'EdDSA', kid, typ: RELEASE_TYPE }).sign(privateKey),
    jwks: () => ({ keys: [{ kty, crv, x, kid, alg: 'EdDSA', use: 'sig' }] }),
  };
}
