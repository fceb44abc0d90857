import type { Metadata } from 'next';
import { AgentView } from '@/components/agents/agent-view';
import { requireViewer } from '../../require-viewer';

export const metadata: Metadata = { title: 'Agent' };

export default async function AgentPage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  await requireViewer(`/agents/${id}`);
  return <AgentView agentId={id} />;
}
