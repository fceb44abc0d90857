import type { Metadata } from 'next';
import { NewToolView } from '@/components/tools/new-tool-view';
import { requireViewer } from '../../require-viewer';

export const metadata: Metadata = { title: 'New tool' };

export default async function NewToolPage() {
  await requireViewer('/tools/new');
  return <NewToolView />;
}
