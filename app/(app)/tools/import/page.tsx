import type { Metadata } from 'next';
import { ImportView } from '@/components/tools/import-view';
import { requireViewer } from '../../require-viewer';

export const metadata: Metadata = { title: 'Tools of a server' };

export default async function ImportToolsPage() {
  await requireViewer('/tools/import');
  return <ImportView />;
}
