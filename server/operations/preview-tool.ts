import { z } from 'zod';
import type { ToolDefinition } from '@/server/domain/catalog';
import { toTool } from '@/server/domain/document-entries';
import { adviseOn } from '@/server/domain/effect-advice';
import { type EffectReading, readEffect } from '@/server/domain/effect-reading';
import { compileInputSchema, findSchemaFaults } from '@/server/domain/input-schema';
import { jsonObject } from '@/server/domain/json-object';
import { moneyWords } from '@/server/domain/money';
import { accept, type InputProblem, type Outcome } from '@/server/domain/refusal';
import { sampleArguments } from '@/server/domain/sample-arguments';
import { pathsInSchema } from '@/server/domain/schema-paths';
import type { ReviewerScope } from '@/server/domain/scopes';
import type { EffectFinding, ToolPreview } from '@/server/domain/tool-views';
import { parseDocument } from '@/server/domain/workspace-document';
import type { ToolState } from '@/server/domain/workspace-state';
import type { Deps } from './deps';
import { judgeAction } from './judge-action';
import { readSurroundings } from './read-surroundings';
import { takeMeasurement } from './take-measurement';

export const previewToolInput = z.strictObject({
  /** A tool as a workspace document has it. */
  tool: z.record(z.string(), z.unknown()),
  /** Absent: made from the schema. */
  args: jsonObject.optional(),
});

const DEADLINE_MS = 5_000;
const SHOWN = 20;

const text = (value: unknown): string => {
  const all = typeof value === 'string' ? value : JSON.stringify(value);
  return all.length > 200 ? `${all.slice(0, 200)}…` : all;
};

type Finding = EffectFinding['finds'][number];
const NAMED = ['resources', 'recipients', 'content'] as const;

function findsOf(reading: EffectReading): Finding[] {
  const finds = NAMED.flatMap((field): Finding[] => {
    const selection = reading[field];
    if (selection === null) return [];
    const values = selection.values.map((v) => text(v.value));
    const missing = selection.missing.length + selection.nulls.length;
    return [{ field, values: values.slice(0, SHOWN), total: values.length, missing }];
  });
  if (reading.payments !== null) {
    const { totals, unreadable } = reading.payments;
    const values = [...totals.map(moneyWords), ...unreadable];
    finds.push({ field: 'amount', values, total: reading.payments.count, missing: unreadable.length });
  }
  if (reading.classes !== undefined)
    finds.push({ field: 'classes', values: [...reading.classes], total: reading.classes.length, missing: 0 });
  if (reading.anyone !== null)
    finds.push({
      field: 'anyone',
      values: [reading.anyone.why],
      total: reading.anyone.holds ? 1 : 0,
      missing: 0,
    });
  return finds;
}

function faultsOf(entry: Record<string, unknown>): { tool: ToolState | null; problems: InputProblem[] } {
  const parsed = parseDocument({ apiVersion: 'holdpoint/v1', tools: [entry] });
  const inPlace = (problem: InputProblem) => ({
    ...problem,
    pointer: problem.pointer.replace(/^\/tools\/0/, ''),
  });
  if (!parsed.ok) return { tool: null, problems: (parsed.problems ?? []).map(inPlace) };
  const [first] = parsed.value.tools ?? [];
  if (first === undefined) return { tool: null, problems: [] };
  const tool = toTool(first, null);
  const problems = findSchemaFaults(tool.inputSchema).map((fault) => ({
    ...fault,
    pointer: `/inputSchema${fault.pointer}`,
  }));
  return { tool, problems };
}

const definitionOf = (tool: ToolState, workspaceId: string): ToolDefinition => ({
  ...tool,
  id: '',
  workspaceId,
  target: null,
  definitionHash: '',
});

/** An agent that is used to it: what the tool itself makes policy say. */
const USUAL = { firstUse: false, firstTarget: false, newAudience: 0, unusual: [], rate: 0 };

/**
 * What a definition would make of sample arguments: what each effect finds, the footprint, the blast radius and the verdict under the present
 * policy, for an agent without clearances. Writes nothing, and what is not valid yet is answered in place.
 */
export async function previewTool(
  deps: Pick<Deps, 'analyzers' | 'policies' | 'calendar' | 'clock' | 'directories' | 'runs'>,
  person: ReviewerScope,
  input: z.infer<typeof previewToolInput>,
): Promise<Outcome<ToolPreview>> {
  const { tool, problems } = faultsOf(input.tool);
  const nothing = { problems, unfit: [], paths: [], sample: input.args ?? {}, result: null };
  if (tool === null || problems.length > 0 || tool.kind !== 'custom') return accept(nothing);
  const args = input.args ?? sampleArguments(tool.inputSchema);
  const definition = definitionOf(tool, person.workspaceId);
  const around = await readSurroundings(deps, { workspaceId: person.workspaceId, runId: null });
  const agent = { id: '', name: 'an agent', clearances: [], ownerId: '' };
  const options = { deadlineMs: DEADLINE_MS, around, agentId: agent.id };
  const measured = await takeMeasurement(deps, deps.analyzers.custom, { tool: definition, args }, options);
  const inForce = await deps.policies.get(person.workspaceId);
  const usual = { ...measured, footprint: { ...measured.footprint, habits: USUAL } };
  const judged = judgeAction(deps, inForce, agent, definition, usual);
  return accept({
    problems,
    unfit: compileInputSchema(tool.inputSchema)(args),
    paths: pathsInSchema(tool.inputSchema),
    sample: args,
    result: {
      effects: tool.effects.map((effect) => {
        const reading = readEffect(effect, args);
        return {
          effect: effect.effect,
          applies: reading.applies.holds,
          why: reading.applies.why,
          finds: findsOf(reading),
          advice: adviseOn(effect, tool.inputSchema),
        };
      }),
      footprint: judged.footprint,
      blastRadius: judged.blastRadius,
      sentence: judged.sentence,
      verdict: judged.verdict.verdict,
      needed: judged.needed,
      rules: judged.verdict.rules,
    },
  });
}
