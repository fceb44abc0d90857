import { randomBytes } from 'node:crypto';
import { calculateJwkThumbprint, createLocalJWKSet, decodeProtectedHeader, type JWK, jwtVerify } from 'jose';
import { expect, test } from 'vitest';
import { createReleaseSigner, RELEASE_TYPE } from './release-signer';

const secret = randomBytes(32);
const signer = createReleaseSigner(secret);
const published = (from = signer) => createLocalJWKSet(from.jwks() as { keys: JWK[] });
const claims = { sub: 'act_1', digest: 'a'.repeat(64), jti: 'rel_1' };

test('a release verifies offline against the published keys alone', async () => {
  const { payload, protectedHeader } = await jwtVerify(await signer.sign(claims), published(), {
    algorithms: ['EdDSA'],
    typ: RELEASE_TYPE,
  });
  expect(payload).toEqual(claims);
  expect(protectedHeader.kid).toBe(signer.jwks().keys[0]?.kid);
});

test('changing any character of a release makes it worthless', async () => {
  const release = await signer.sign(claims);
  const signatureStart = release.lastIndexOf('.') + 1;
  for (let at = 0; at < release.length - 1; at++) {
    if (release[at] === '.') continue;
    const forged = `${release.slice(0, at)}${release[at] === 'A' ? 'B' : 'A'}${release.slice(at + 1)}`;
    await expect(jwtVerify(forged, published()), `character ${at} of ${signatureStart}`).rejects.toThrow();
  }
});

test('claims of one release cannot be moved under the signature of another', async () => {
  const [header, , signature] = (await signer.sign(claims)).split('.');
  const [, payload] = (await signer.sign({ ...claims, digest: 'b'.repeat(64) })).split('.');
  await expect(jwtVerify(`${header}.${payload}.${signature}`, published())).rejects.toThrow();
});

test('a release signed under another secret does not verify', async () => {
  const other = createReleaseSigner(randomBytes(32));
  await expect(jwtVerify(await other.sign(claims), published())).rejects.toThrow();
});

test('what is published is public: no private part, and named by its thumbprint', async () => {
  const [key] = signer.jwks().keys;
  expect(Object.keys(key ?? {}).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x']);
  expect(key?.kid).toBe(await calculateJwkThumbprint(key as JWK));
});

test('every process with the same secret signs with the same key', async () => {
  const twin = createReleaseSigner(Uint8Array.from(secret));
  expect(twin.jwks()).toEqual(signer.jwks());
  await expect(jwtVerify(await twin.sign(claims), published())).resolves.toBeDefined();
  expect(decodeProtectedHeader(await twin.sign(claims)).alg).toBe('EdDSA');
});
