import type { Metadata } from 'next';
import { PersonView } from '@/components/people/person-view';
import { requireViewer } from '../../require-viewer';

export const metadata: Metadata = { title: 'Person' };

export default async function PersonPage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  await requireViewer(`/people/${id}`);
  return <PersonView personId={id} />;
}
