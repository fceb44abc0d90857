import type { Metadata } from 'next';
import { RunView } from '@/components/runs/run-view';
import { requireViewer } from '../../require-viewer';

export const metadata: Metadata = { title: 'Run' };

export default async function RunPage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  await requireViewer(`/runs/${id}`);
  return <RunView runId={id} />;
}
