import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

export type Claims = { sub: string; email?: string; email_verified?: boolean; name?: string };

/** A small OpenID Connect provider on loopback: whoever arrives is signed in at once as `as`. */
export async function startIdentityProvider() {
  const { privateKey, publicKey } = await generateKeyPair('RS256');
  const jwk = { ...(await exportJWK(publicKey)), kid: 'one', alg: 'RS256', use: 'sig' };
  const nonces = new Map<string, string>();
  let issuer = '';
  let claims: Claims = { sub: 'nobody' };

  const authorize = (url: URL): string => {
    const code = `code-${nonces.size}`;
    nonces.set(code, url.searchParams.get('nonce') ?? '');
    const back = new URL(url.searchParams.get('redirect_uri') ?? '');
    back.searchParams.set('code', code);
    back.searchParams.set('state', url.searchParams.get('state') ?? '');
    return back.href;
  };
  const token = async (request: IncomingMessage): Promise<object> => {
    let form = '';
    for await (const chunk of request) form += chunk;
    const nonce = nonces.get(new URLSearchParams(form).get('code') ?? '');
    const idToken = await new SignJWT({ ...claims, nonce })
      .setProtectedHeader({ alg: 'RS256', kid: 'one' })
      .setIssuer(issuer)
      .setAudience('holdpoint')
      .setIssuedAt()
      .setExpirationTime('5m')
      .sign(privateKey);
    return { access_token: 'x', token_type: 'Bearer', expires_in: 300, id_token: idToken };
  };
  const answer = async (request: IncomingMessage): Promise<object | null> => {
    const { pathname } = new URL(request.url ?? '/', issuer);
    if (pathname === '/token') return token(request);
    if (pathname === '/jwks') return { keys: [jwk] };
    if (pathname !== '/.well-known/openid-configuration') return null;
    return {
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/jwks`,
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
    };
  };

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', issuer);
    if (url.pathname === '/authorize') {
      response.writeHead(302, { location: authorize(url) }).end();
      return;
    }
    void answer(request).then((body) => {
      response.writeHead(body === null ? 404 : 200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    issuer,
    signInAs(next: Claims) {
      claims = next;
    },
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}
