import type { NextAuthOptions } from 'next-auth';
import CredentialsProvider from 'next-auth/providers/credentials';
import type { OAuthConfig } from 'next-auth/providers/oauth';
import type { Inside } from '@/server/api/inside';
import type { Refusal } from '@/server/domain/refusal';
import type { SignInOrigin, StartedSession } from '@/server/operations/start-session';
import type { IdentityProvider } from './identity-providers';

/** The cookie lives as long as a session ever can; the session's row decides when it really ends. */
const COOKIE_SECONDS = 7 * 24 * 3600;

/**
 * A refusal as the word that travels in next-auth's `error` parameter: the code, and the seconds to wait where there are any. Never the
 * sentence: what a link says would then be what the sign-in page says.
 */
const errorWord = (refusal: Refusal): string =>
  refusal.retryAfterSeconds === undefined ? refusal.code : `${refusal.code}.${refusal.retryAfterSeconds}`;

type Profile = { sub: string; name?: string; email?: string; email_verified?: boolean | string };

const openIdConnect = (provider: IdentityProvider): OAuthConfig<Profile> => ({
  id: provider.id,
  name: provider.name,
  type: 'oauth',
  wellKnown: `${provider.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`,
  authorization: { params: { scope: 'openid email profile' } },
  idToken: true,
  checks: ['pkce', 'state', 'nonce'],
  clientId: provider.clientId,
  clientSecret: provider.clientSecret,
  profile: (profile) => ({ id: profile.sub, email: profile.email ?? null, name: profile.name ?? null }),
});

/**
 * next-auth's settings for one request: it speaks the protocols and keeps the cookie; who may sign in, and whether a session is still
 * good, is decided by operations in the main process. The token names a session row and holds nothing else.
 */
export function nextAuthOptions(inside: Inside, origin: SignInOrigin): NextAuthOptions {
  // Per request: the session that this very sign-in started, on its way into the cookie.
  let started: StartedSession | null = null;
  return {
    secret: inside.cookie.secret,
    useSecureCookies: inside.cookie.secure,
    session: { strategy: 'jwt', maxAge: COOKIE_SECONDS },
    jwt: { maxAge: COOKIE_SECONDS },
    pages: { signIn: '/sign-in', error: '/sign-in', signOut: '/sign-in' },
    providers: [
      CredentialsProvider({
        credentials: { email: { type: 'email' }, password: { type: 'password' } },
        async authorize(given) {
          const outcome = await inside.startSession({
            email: String(given?.email ?? '').slice(0, 254),
            password: String(given?.password ?? '').slice(0, 1000),
            ...origin,
          });
          if (!outcome.ok) throw new Error(errorWord(outcome));
          started = outcome.value;
          return { id: outcome.value.personId };
        },
      }),
      ...inside.providers.map(openIdConnect),
    ],
    callbacks: {
      async signIn({ account, profile }) {
        if (account === null) return false;
        if (account.type === 'credentials') return started !== null;
        const claims = profile as Profile | undefined;
        const outcome = await inside.startProviderSession({
          provider: account.provider,
          email: claims?.email ?? null,
          emailVerified: claims?.email_verified === true || claims?.email_verified === 'true',
          ...origin,
        });
        if (!outcome.ok) return `/sign-in?error=${errorWord(outcome)}`;
        started = outcome.value;
        return true;
      },
      async jwt({ token }) {
        if (started !== null) return { sid: started.sessionId };
        // Reading or prolonging a cookie: one that names no live session is cleared by next-auth when this throws.
        const live = typeof token.sid === 'string' ? await inside.findSession(token.sid) : null;
        if (live === null) throw new Error('the session has ended');
        return { sid: token.sid };
      },
      async session({ token }) {
        const live = typeof token.sid === 'string' ? await inside.findSession(token.sid) : null;
        if (live === null) throw new Error('the session has ended');
        return { user: { name: live.name, email: live.email }, expires: live.expiresAt.toISOString() };
      },
      // Only ever back to a page of this installation; anything else leads home.
      redirect({ url, baseUrl }) {
        try {
          const to = new URL(url, baseUrl);
          return to.origin === baseUrl ? to.href : baseUrl;
        } catch {
          return baseUrl;
        }
      },
    },
    events: {
      async signOut({ token }) {
        if (typeof token?.sid === 'string') await inside.endSession(token.sid);
      },
    },
    logger: {
      // A wrong password or an ended session is no fault of ours; next-auth calls both errors.
      error: (code, metadata) => inside.log.debug({ code, metadata: String(metadata) }, 'next-auth'),
      warn: (code) => inside.log.debug({ code }, 'next-auth'),
      debug: () => undefined,
    },
  };
}
