import type { Metadata } from 'next';
import { AuditPage } from '@/components/audit/audit-page';
import { requireViewer } from '../require-viewer';

export const metadata: Metadata = { title: 'Audit log' };

export default async function Page() {
  await requireViewer('/audit');
  return <AuditPage />;
}
