import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { AuthFrame } from '@/components/sign-in/auth-frame';
import { SignInForm } from '@/components/sign-in/sign-in-form';
import { returnPath } from '@/server/api/auth/return-path';
import { getViewer, inside } from '@/server/api/bridge';

export const metadata: Metadata = { title: 'Sign in' };

type Search = Record<string, string | string[] | undefined>;

export default async function SignInPage({ searchParams }: { searchParams: Promise<Search> }) {
  const { callbackUrl, error } = await searchParams;
  const path = returnPath(callbackUrl);
  if ((await getViewer()) !== null) redirect(path);
  const providers = inside().providers.map(({ id, name }) => ({ id, name }));
  return (
    <AuthFrame title="Sign in">
      <SignInForm providers={providers} returnPath={path} error={typeof error === 'string' ? error : null} />
    </AuthFrame>
  );
}
