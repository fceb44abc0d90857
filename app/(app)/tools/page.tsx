import type { Metadata } from 'next';
import { ToolsView } from '@/components/tools/tools-view';
import { requireViewer } from '../require-viewer';

export const metadata: Metadata = { title: 'Tools' };

export default async function ToolsPage() {
  await requireViewer('/tools');
  return <ToolsView />;
}
