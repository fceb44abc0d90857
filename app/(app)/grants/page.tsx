import type { Metadata } from 'next';
import { GrantsPage } from '@/components/grants/grants-page';
import { requireViewer } from '../require-viewer';

export const metadata: Metadata = { title: 'Grants' };

export default async function Page() {
  await requireViewer('/grants');
  return <GrantsPage />;
}
