import type { Metadata } from 'next';
import { TargetsView } from '@/components/targets/targets-view';

export const metadata: Metadata = { title: 'Targets' };

export default function TargetsPage() {
  return <TargetsView />;
}
