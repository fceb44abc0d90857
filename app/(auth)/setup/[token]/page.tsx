import type { Metadata } from 'next';
import { AuthFrame } from '@/components/sign-in/auth-frame';
import { SetupForm } from '@/components/sign-in/setup-form';
import { Button } from '@/components/ui/button';
import { Link } from '@/components/ui/link';
import { serverCaller } from '@/server/api/bridge';
import type { SetupView } from '@/server/domain/views';

export const metadata: Metadata = { title: 'Set up' };

const titleOf = (setup: SetupView): string =>
  setup.purpose === 'owner' ? 'Create your workspace' : `Welcome, ${setup.person?.name ?? ''}`;

const leadOf = (setup: SetupView): string =>
  setup.purpose === 'owner'
    ? 'You will be its owner: you invite people, register agents and can halt everything.'
    : `Set a password for ${setup.person?.email ?? ''} in ${setup.workspace ?? ''}.`;

/** Opening this page changes nothing; the form's POST uses the link up. */
export default async function SetupPage({ params }: { params: Promise<{ token: string }> }) {
  const { token } = await params;
  const caller = await serverCaller();
  const found = await caller.setup.find({ token }).then(
    (setup) => ({ setup }),
    (error: { message: string }) => ({ problem: error.message }),
  );
  if ('problem' in found) {
    return (
      <AuthFrame title="This link cannot be used" lead={found.problem}>
        <Button asChild variant="primary" size="lg" className="w-full justify-center">
          <Link href="/sign-in">Go to sign-in</Link>
        </Button>
      </AuthFrame>
    );
  }
  return (
    <AuthFrame title={titleOf(found.setup)} lead={leadOf(found.setup)}>
      <SetupForm token={token} setup={found.setup} />
    </AuthFrame>
  );
}
