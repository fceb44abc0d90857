import { InertText } from '@/components/agent-words/inert-text';
import type { HaltView } from '@/server/domain/views';

/** What stands still. A run has no name but its goal, which is the agent's words: quoted and inert, or "Nothing" could be said to be halted. */
export function HaltedWhat({ halt }: { halt: Pick<HaltView, 'scope' | 'subjectName'> }) {
  if (halt.scope === 'workspace') return <>Everything</>;
  if (halt.scope !== 'run') return <>{halt.subjectName}</>;
  return (
    <>
      A run (its goal: “
      <InertText text={halt.subjectName} />
      ”)
    </>
  );
}
