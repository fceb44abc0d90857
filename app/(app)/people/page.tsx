import type { Metadata } from 'next';
import { PeopleView } from '@/components/people/people-view';
import { requireViewer } from '../require-viewer';

export const metadata: Metadata = { title: 'People' };

export default async function PeoplePage() {
  await requireViewer('/people');
  return <PeopleView />;
}
