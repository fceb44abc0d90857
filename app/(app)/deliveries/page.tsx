import type { Metadata } from 'next';
import { DeliveriesPage } from '@/components/deliveries/deliveries-page';
import { requireViewer } from '../require-viewer';

export const metadata: Metadata = { title: 'Deliveries' };

export default async function Page() {
  await requireViewer('/deliveries');
  return <DeliveriesPage />;
}
