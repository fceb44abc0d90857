import type { Metadata } from 'next';
import { TargetView } from '@/components/targets/target-view';

export const metadata: Metadata = { title: 'Target' };

export default async function TargetPage({ params }: { params: Promise<{ id: string }> }) {
  return <TargetView targetId={(await params).id} />;
}
