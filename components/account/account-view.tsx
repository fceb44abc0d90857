'use client';
import { hasRole, useMe } from '@/components/api/me';
import { RoleList } from '@/components/people/role-list';
import { Card } from '@/components/ui/card';
import { ClassChips } from '@/components/ui/class-chip';
import { PageHeader } from '@/components/ui/page-header';
import { AwayCard } from './away-card';
import { MailForm } from './mail-form';
import { PasskeysCard } from './passkeys-card';
import { PasswordForm } from './password-form';
import { PushCard } from './push-card';
import { SessionsCard } from './sessions-card';

const listOf = (names: readonly string[]): string =>
  new Intl.ListFormat('en', { type: 'disjunction' }).format(names);

function NoPassword({ providers }: { providers: readonly string[] }) {
  return (
    <p className="text-base text-soft">
      You have no password here: you sign in with{' '}
      {providers.length > 0 ? listOf(providers) : 'an identity provider'}, and change your password there. An
      owner or a security lead can make you a link to set one here as well.
    </p>
  );
}

/** Who one is here, the password, and everywhere one is signed in. */
export function AccountView({ providers }: { providers: readonly string[] }) {
  const me = useMe();
  return (
    <div className="mx-auto w-full max-w-[48rem]">
      <PageHeader title="Your account" description={`${me.name}, ${me.email}`} />
      <div className="flex flex-col gap-5">
        <Card id="rights" title="What you may do and see">
          <RoleList roles={me.roles} />
          <div className="mt-3">
            <ClassChips names={[...new Set(['public', 'internal', ...me.clearances])]} />
          </div>
          <p className="mt-3 text-faint text-sm">Owners and security leads change this, under People.</p>
        </Card>
        {hasRole(me, 'owner', 'security_lead', 'reviewer') ? (
          <>
            <Card id="mail" title="What reaches you, and when">
              <MailForm />
            </Card>
            <PushCard />
            <AwayCard />
          </>
        ) : null}
        <Card id="password" title="Password">
          {me.hasPassword ? <PasswordForm email={me.email} /> : <NoPassword providers={providers} />}
        </Card>
        {hasRole(me, 'owner', 'security_lead', 'reviewer') ? <PasskeysCard /> : null}
        <SessionsCard />
      </div>
    </div>
  );
}
