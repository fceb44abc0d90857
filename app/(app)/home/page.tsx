import type { Metadata } from 'next';
import { HomeOverview } from '@/components/home/home-overview';
import { readFirst, requireViewer } from '../require-viewer';

export const metadata: Metadata = { title: 'Home' };

export default async function HomePage() {
  await requireViewer('/home');
  const first = await readFirst((api) => api.home.get());
  return <HomeOverview first={first} />;
}
