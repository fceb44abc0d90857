import type { NextRequest } from 'next/server';
import NextAuth from 'next-auth';
import { nextAuthOptions } from '@/server/api/auth/next-auth-options';
import { inside, requestOrigin } from '@/server/api/bridge';

type RouteContext = { params: Promise<{ nextauth: string[] }> };

/** Sign-in and sign-out are next-auth's; the settings are made per request because they carry where it comes from. */
async function handler(request: NextRequest, context: RouteContext): Promise<Response> {
  return NextAuth(request, context, nextAuthOptions(inside(), await requestOrigin())) as Promise<Response>;
}

export { handler as GET, handler as POST };
