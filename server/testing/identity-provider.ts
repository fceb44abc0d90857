import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

export type Claims = { sub: string; email?: string; email_verified?: boolean; name?: string };

type Asked = { nonce: string; challenge: string; redirectUri: string };
const challengeOf = (verifier: string): string => createHash('sha256').update(verifier).digest('base64url');

const discovery = (issuer: string) => ({
  issuer,
  authorization_endpoint: `${issuer}/authorize`,
  token_endpoint: `${issuer}/token`,
  jwks_uri: `${issuer}/jwks`,
  response_types_supported: ['code'],
  subject_types_supported: ['public'],
  id_token_signing_alg_values_supported: ['RS256'],
});

/**
 * A small OpenID Connect provider on loopback: whoever arrives is signed in at once. Strict where a real one is: it wants a state, a nonce and
 * PKCE, and gives a token once, to whoever knows the verifier.
 */
export async function startIdentityProvider() {
  const { privateKey, publicKey } = await generateKeyPair('RS256');
  const jwk = { ...(await exportJWK(publicKey)), kid: 'one', alg: 'RS256', use: 'sig' };
  const codes = new Map<string, Asked>();
  let given = 0;
  let issuer = '';
  let claims: Claims = { sub: 'nobody' };

  const authorize = (url: URL): string | null => {
    const asked = (name: string) => url.searchParams.get(name) ?? '';
    const [state, nonce, challenge, redirectUri] = ['state', 'nonce', 'code_challenge', 'redirect_uri'].map(
      asked,
    );
    if (!state || !nonce || !challenge || !redirectUri || asked('code_challenge_method') !== 'S256')
      return null;
    const code = `code-${++given}`;
    codes.set(code, { nonce, challenge, redirectUri });
    const back = new URL(redirectUri);
    back.searchParams.set('code', code);
    back.searchParams.set('state', state);
    return back.href;
  };
  const token = async (request: IncomingMessage): Promise<object | null> => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const form = new URLSearchParams(body);
    const code = form.get('code') ?? '';
    const asked = codes.get(code);
    codes.delete(code);
    if (asked === undefined || challengeOf(form.get('code_verifier') ?? '') !== asked.challenge) return null;
    const { nonce } = asked;
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
    return discovery(issuer);
  };

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', issuer);
    if (url.pathname === '/authorize') {
      const back = authorize(url);
      if (back === null) response.writeHead(400).end('state, nonce and PKCE are needed');
      else response.writeHead(302, { location: back }).end();
      return;
    }
    void answer(request).then((body) => {
      response.writeHead(body === null ? 400 : 200, { 'content-type': 'application/json' });
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
