import type { Metadata } from 'next';
import { TargetsView } from '@/components/targets/targets-view';
import { requireViewer } from '../require-viewer';

export const metadata: Metadata = { title: 'Targets' };

export default async function TargetsPage() {
  await requireViewer('/targets');
  return <TargetsView />;
}
