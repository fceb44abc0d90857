import type { Metadata } from 'next';
import { TargetView } from '@/components/targets/target-view';
import { requireViewer } from '../../require-viewer';

export const metadata: Metadata = { title: 'Target' };

export default async function TargetPage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  await requireViewer(`/targets/${id}`);
  return <TargetView targetId={id} />;
}
