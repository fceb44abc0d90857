import type { Metadata } from 'next';
import { LiveAction } from '@/components/action/live-action';
import { readFirst, requireViewer } from '../../require-viewer';

export const metadata: Metadata = { title: 'Planned action' };

export default async function ActionPage({ params }: { params: Promise<{ actionId: string }> }) {
  const { actionId } = await params;
  await requireViewer(`/actions/${actionId}`);
  const first = await readFirst((api) => api.review.get({ actionId }));
  return <LiveAction key={actionId} actionId={actionId} first={first} />;
}
