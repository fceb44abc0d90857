import type { Metadata } from 'next';
import { HaltsPage } from '@/components/halts/halts-page';
import { requireViewer } from '../require-viewer';

export const metadata: Metadata = { title: 'Halts' };

export default async function Page() {
  await requireViewer('/halts');
  return <HaltsPage />;
}
