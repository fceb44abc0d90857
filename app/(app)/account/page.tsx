import type { Metadata } from 'next';
import { AccountView } from '@/components/account/account-view';
import { inside } from '@/server/api/bridge';
import { requireViewer } from '../require-viewer';

export const metadata: Metadata = { title: 'Your account' };

export default async function AccountPage() {
  await requireViewer('/account');
  return <AccountView providers={inside().providers.map(({ name }) => name)} />;
}
