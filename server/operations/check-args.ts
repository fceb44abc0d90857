import { unfaithfulValues } from '@/server/domain/action-digest';
import type { ToolDefinition } from '@/server/domain/catalog';
import { accept, type InputProblem, type Outcome, type Refusal, refuse } from '@/server/domain/refusal';
import type { Deps } from './deps';
import { analyzerFor } from './take-measurement';

export const MAX_ARGS_BYTES = 512 * 1024;
const MAX_PROBLEMS = 50;

type Call = { tool: ToolDefinition; args: Record<string, unknown> };

type Around = {
  reason?: string | undefined;
  runId?: string | undefined;
  idempotencyKey?: string | undefined;
};

/**
 * Whether a call can be planned: its bytes, its size, the tool's schema and what its analyzer refuses to look at. Faults of the bytes come first:
 * walking them is bounded in depth, while what follows is not.
 */
export function checkArgs(deps: Deps, call: Call, input: Around): Outcome<true> {
  const unfaithful = [
    ...unfaithfulValues(call.args),
    ...unfaithfulValues(input.reason ?? '', '/reason'),
    ...unfaithfulValues(input.runId ?? '', '/runId'),
    ...unfaithfulValues(input.idempotencyKey ?? '', '/idempotencyKey'),
  ];
  if (unfaithful.length > 0) return unfit(call.tool, unfaithful);
  const size = Buffer.byteLength(JSON.stringify(call.args));
  if (size > MAX_ARGS_BYTES) {
    return refuse(
      'args_too_large',
      `The arguments are ${size} bytes; at most ${MAX_ARGS_BYTES} are taken. Split the work, or pass a reference instead of the content.`,
    );
  }
  const problems = [
    ...deps.catalog.validateArgs(call.tool, call.args),
    ...analyzerFor(deps, call.tool).check(call),
  ];
  return problems.length === 0 ? accept(true as const) : unfit(call.tool, problems);
}

function unfit(tool: ToolDefinition, problems: InputProblem[]): Refusal {
  const [first] = problems;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  return refuse(
    'args_invalid',
    `The arguments do not fit ${tool.name}: ${first?.pointer || '/'} ${first?.message}${more}. Correct them and submit again.`,
    { problems: problems.slice(0, MAX_PROBLEMS) },
  );
}
