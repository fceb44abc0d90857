import type { Metadata } from 'next';
import { ReviewLink } from '@/components/links/review-link';
import { requireViewer } from '../../require-viewer';

export const metadata: Metadata = { title: 'Link to an action', referrer: 'no-referrer' };

export default async function ReviewLinkPage({ params }: { params: Promise<{ code: string }> }) {
  const { code } = await params;
  await requireViewer(`/r/${code}`);
  return <ReviewLink code={code} />;
}
