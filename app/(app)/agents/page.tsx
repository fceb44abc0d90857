import type { Metadata } from 'next';
import { AgentsView } from '@/components/agents/agents-view';
import { requireViewer } from '../require-viewer';

export const metadata: Metadata = { title: 'Agents' };

export default async function AgentsPage() {
  await requireViewer('/agents');
  return <AgentsView />;
}
