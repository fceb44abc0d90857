import type { Metadata } from 'next';
import { ToolView } from '@/components/tools/tool-view';
import { requireViewer } from '../../require-viewer';

export const metadata: Metadata = { title: 'Tool' };

export default async function ToolPage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  await requireViewer(`/tools/${id}`);
  return <ToolView toolId={id} />;
}
