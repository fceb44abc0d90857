import type { PostgresTarget, ToolDefinition } from '@/server/domain/catalog';
import type { Measurement, PlannedCall, RunOptions } from '@/server/domain/ports';
import { NOWHERE } from '@/server/domain/surroundings';

/** A target as operations would hand it over, for tests of this folder. */
export function testTarget(connection: string, extra: Partial<PostgresTarget> = {}): PostgresTarget {
  return {
    id: `target ${connection}`,
    workspaceId: 'workspace',
    name: 'shop',
    kind: 'postgres',
    connection,
    searchPath: ['public'],
    classifications: {},
    subjects: {},
    definitionHash: 'target-hash',
    ...extra,
  };
}

export function testCall(target: PostgresTarget | null, statement: unknown, params?: unknown): PlannedCall {
  const tool: ToolDefinition = {
    id: 'tool',
    workspaceId: 'workspace',
    name: 'shop.sql',
    description: '',
    kind: 'sql',
    execution: 'broker',
    inputSchema: {},
    effects: [],
    target,
    definitionHash: 'tool-hash',
  };
  return { tool, args: params === undefined ? { statement } : { statement, params } };
}

export const acceptAll = (extra: Partial<RunOptions> = {}): RunOptions => ({
  accept: () => true,
  beforeCommit: async () => true,
  deadlineMs: 20_000,
  around: NOWHERE,
  ...extra,
});

/** Accepts only what is equal to the approved measurement, as operations do. */
export const acceptSame = (approved: Measurement): RunOptions =>
  acceptAll({
    accept: (now) =>
      now.footprint.definitions === approved.footprint.definitions &&
      now.footprint.rows === approved.footprint.rows,
  });

/** `public.orders update 3 (via …)` per item, sorted: what tests compare. */
export function summary(measurement: Measurement): string[] {
  return measurement.footprint.items
    .map(
      (item) =>
        `${item.resource} ${item.operation} ${item.count}${item.via === undefined ? '' : ` via ${item.via}`}`,
    )
    .sort();
}
