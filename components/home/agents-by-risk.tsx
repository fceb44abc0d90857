import { Badge } from '@/components/ui/badge';
import { Link } from '@/components/ui/link';
import { countWords } from '@/components/ui/number-words';
import { Table, Td, Th, Tr } from '@/components/ui/table';
import type { AgentRiskView } from '@/server/domain/home-views';
import { LevelBar, LevelCounts } from './level-bar';

const SHOWN = 12;

/** Agents of the last seven days: what is halted or unusual, then who planned what is most serious. */
export function AgentsByRisk({ agents }: { agents: readonly AgentRiskView[] }) {
  if (agents.length === 0) {
    return (
      <p className="px-4 py-5 text-base text-soft sm:px-5">
        No agent planned anything in the last seven days. What they plan is counted here by level, half a
        minute after it happens.
      </p>
    );
  }
  return (
    <>
      <Table aria-label="Agents, most risky first, last seven days">
        <thead>
          <tr>
            <Th>Agent</Th>
            <Th className="min-w-56">Planned in seven days, by level</Th>
            <Th className="text-right">Held</Th>
            <Th className="text-right">Denied</Th>
            <Th className="text-right">Ran</Th>
            <Th className="text-right">People touched</Th>
          </tr>
        </thead>
        <tbody>
          {agents.slice(0, SHOWN).map((agent) => (
            <Tr key={agent.id}>
              <Td>
                <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
                  <Link href={`/agents/${agent.id}`} className="font-medium underline underline-offset-2">
                    {agent.name}
                  </Link>
                  {agent.halted ? <Badge tone="danger">halted</Badge> : null}
                  {agent.anomalies > 0 ? <Badge tone="caution">unusual</Badge> : null}
                </span>
                <span className="block text-faint text-sm">{agent.owner}</span>
              </Td>
              <Td>
                <LevelBar counts={agent.planned} className="mb-1.5" />
                <LevelCounts counts={agent.planned} />
              </Td>
              <Td className="tabular text-right">{countWords(agent.held)}</Td>
              <Td className="tabular text-right">{countWords(agent.denied)}</Td>
              <Td className="tabular text-right">{countWords(agent.ran)}</Td>
              <Td className="tabular text-right">{countWords(agent.people)}</Td>
            </Tr>
          ))}
        </tbody>
      </Table>
      {agents.length > SHOWN ? (
        <p className="border-line border-t px-4 py-3 text-sm sm:px-5">
          <Link href="/agents" className="underline underline-offset-2">
            All agents
          </Link>
        </p>
      ) : null}
    </>
  );
}
