import type { Metadata } from 'next';
import { DraftPage } from '@/components/policy/draft-page';
import { requireViewer } from '../../../require-viewer';

export const metadata: Metadata = { title: 'Draft of policy' };

export default async function Page({ params }: { params: Promise<{ draftId: string }> }) {
  const { draftId } = await params;
  await requireViewer(`/policy/drafts/${draftId}`);
  return <DraftPage draftId={draftId} />;
}
