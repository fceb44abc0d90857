import type { Metadata } from 'next';
import { PolicyPage } from '@/components/policy/policy-page';
import { requireViewer } from '../require-viewer';

export const metadata: Metadata = { title: 'Policy' };

export default async function Page() {
  await requireViewer('/policy');
  return <PolicyPage />;
}
