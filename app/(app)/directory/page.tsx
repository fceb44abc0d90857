import type { Metadata } from 'next';
import { DirectoryView } from '@/components/directory/directory-view';
import { requireViewer } from '../require-viewer';

export const metadata: Metadata = { title: 'Directory' };

export default async function DirectoryPage() {
  await requireViewer('/directory');
  return <DirectoryView />;
}
