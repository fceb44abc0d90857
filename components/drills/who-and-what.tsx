import { useAgents } from '@/components/shell/use-agents';
import { Field } from '@/components/ui/field';
import { Select } from '@/components/ui/select';
import type { ToolListItem } from '@/server/domain/catalog-views';

/** Whose plan it looks like, and with which tool. */
export function WhoAndWhat({
  tools,
  tool,
  onTool,
}: {
  tools: readonly ToolListItem[];
  tool: string;
  onTool: (name: string) => void;
}) {
  const agents = useAgents();
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Field label="In the name of">
        {(control) => (
          <Select {...control} name="agent" required defaultValue="">
            <option value="" disabled>
              Which agent
            </option>
            {agents.map((agent) => (
              <option key={agent.id} value={agent.id}>
                {agent.name}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label="Tool">
        {(control) => (
          <Select
            {...control}
            name="tool"
            required
            value={tool}
            onChange={(event) => onTool(event.target.value)}
          >
            <option value="" disabled>
              Which tool
            </option>
            {tools.map((each) => (
              <option key={each.toolId} value={each.name}>
                {each.name}
              </option>
            ))}
          </Select>
        )}
      </Field>
    </div>
  );
}
