import type { Metadata } from 'next';
import { DrillsPage } from '@/components/drills/drills-page';
import { requireViewer } from '../require-viewer';

export const metadata: Metadata = { title: 'Drills' };

export default async function Page() {
  await requireViewer('/drills');
  return <DrillsPage />;
}
