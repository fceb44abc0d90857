import { z } from 'zod';
import { canonicalJson } from '@/server/domain/canonical';
import type { ToolDefinition } from '@/server/domain/catalog';
import { draftEffects } from '@/server/domain/draft-effects';
import { accept, type InputProblem, type Outcome, refuse } from '@/server/domain/refusal';
import type { ReviewerScope } from '@/server/domain/scopes';
import type { DraftedTool } from '@/server/domain/tool-views';
import { parseDocument } from '@/server/domain/workspace-document';
import { applyDocument } from './apply-document';
import type { Deps } from './deps';

/** What an MCP server answers to `tools/list`, as text. */
export const serverToolsInput = z.strictObject({ list: z.string().max(2_000_000) });
type ListInput = z.infer<typeof serverToolsInput>;

const claims = z
  .object({
    readOnlyHint: z.boolean().optional(),
    destructiveHint: z.boolean().optional(),
    idempotentHint: z.boolean().optional(),
    openWorldHint: z.boolean().optional(),
  })
  .catchall(z.json());
const serverTool = z.object({
  name: z.string().min(1).max(200),
  description: z.string().max(4_000).default(''),
  inputSchema: z.record(z.string(), z.json()),
  annotations: claims.default({}),
});
type ServerTool = z.infer<typeof serverTool>;
const toolList = z.union([
  z.object({ tools: z.array(serverTool).max(500) }).transform((list) => list.tools),
  z
    .object({ result: z.object({ tools: z.array(serverTool).max(500) }) })
    .transform((list) => list.result.tools),
  z.array(serverTool).max(500),
]);

function readList(list: string): Outcome<ServerTool[]> {
  const say =
    'Paste what the server answers to tools/list: {"tools": [{"name", "description", "inputSchema"}]}.';
  try {
    const parsed = toolList.safeParse(JSON.parse(list));
    if (parsed.success) return accept(parsed.data);
    const [issue] = parsed.error.issues;
    return refuse('input_invalid', `${say} ${issue?.path.join('/') ?? ''} ${issue?.message ?? ''}`.trim());
  } catch {
    return refuse('input_invalid', `This is no JSON. ${say}`);
  }
}

const upstreamOf = (tool: Pick<ServerTool, 'description' | 'inputSchema' | 'annotations'>) =>
  canonicalJson({
    description: tool.description,
    inputSchema: tool.inputSchema,
    annotations: tool.annotations,
  });

async function knownTools(deps: Pick<Deps, 'catalog'>, workspaceId: string) {
  const tools = (await deps.catalog.listTools(workspaceId)).filter((tool) => tool.kind === 'custom');
  return new Map(tools.map((tool): [string, ToolDefinition] => [tool.name, tool]));
}

function differs(tool: ServerTool, known: ToolDefinition): boolean {
  const mine = {
    description: known.description,
    inputSchema: known.inputSchema,
    annotations: known.annotations ?? {},
  };
  return upstreamOf(tool) !== canonicalJson(mine);
}

/**
 * Proposes a definition for each tool of a server's list, with reasons. Nothing is written: each one waits for a person to look and save it.
 */
export async function draftTools(
  deps: Pick<Deps, 'catalog'>,
  person: ReviewerScope,
  input: ListInput,
): Promise<Outcome<DraftedTool[]>> {
  const list = readList(input.list);
  if (!list.ok) return list;
  const known = await knownTools(deps, person.workspaceId);
  return accept(
    list.value.map((tool): DraftedTool => {
      const { effects, reasons } = draftEffects(tool);
      const there = known.get(tool.name);
      const entry = {
        name: tool.name,
        description: tool.description,
        execution: 'agent',
        inputSchema: tool.inputSchema,
        annotations: tool.annotations,
        effects: there === undefined ? effects : [...there.effects],
      };
      const parsed = parseDocument({ apiVersion: 'holdpoint/v1', tools: [entry] });
      const problems: InputProblem[] = parsed.ok ? [] : (parsed.problems ?? []);
      const state = there === undefined ? 'new' : differs(tool, there) ? 'changed' : 'same';
      return { name: tool.name, state, entry, reasons: there === undefined ? reasons : [], problems };
    }),
  );
}

/**
 * Takes over what a server now says of tools that are here already. A tool whose words, schema or claims changed keeps its effect map and is
 * held from now on, until a person has looked at the change and confirmed it. Tools that are not here stay out.
 */
export async function refreshTools(
  deps: Pick<Deps, 'db' | 'vault' | 'inspector' | 'clock' | 'catalog'>,
  person: ReviewerScope,
  input: ListInput,
): Promise<Outcome<{ changed: string[]; same: string[]; unknown: string[] }>> {
  const list = readList(input.list);
  if (!list.ok) return list;
  const known = await knownTools(deps, person.workspaceId);
  const changed = list.value.filter((tool) => {
    const there = known.get(tool.name);
    return there !== undefined && differs(tool, there);
  });
  const names = changed.map((tool) => tool.name);
  if (changed.length > 0) {
    const tools = changed.map(({ name, description, inputSchema, annotations }) => ({
      name,
      description,
      inputSchema,
      annotations,
    }));
    const applied = await applyDocument(deps, person, { document: { apiVersion: 'holdpoint/v1', tools } });
    if (!applied.ok) return applied;
  }
  const rest = list.value.map((tool) => tool.name).filter((name) => !names.includes(name));
  return accept({
    changed: names,
    same: rest.filter((name) => known.has(name)),
    unknown: rest.filter((name) => !known.has(name)),
  });
}
