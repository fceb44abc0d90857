import type { Metadata } from 'next';
import { RunsView } from '@/components/runs/runs-view';
import { requireViewer } from '../require-viewer';

export const metadata: Metadata = { title: 'Runs' };

export default async function RunsPage() {
  await requireViewer('/runs');
  return <RunsView />;
}
