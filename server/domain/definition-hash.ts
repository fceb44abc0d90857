import { hashOf } from './canonical';
import type { Effect } from './catalog';
import type { ConnectionAddress } from './connection-address';
import type { ToolState } from './workspace-state';

/**
 * SHA-256 over everything about a target that changes what a statement would touch. The password is left out: a rotated
 * one reaches the same data as the same role.
 */
export function targetHash(target: {
  address: ConnectionAddress;
  searchPath: readonly string[];
  classifications: Readonly<Record<string, string>>;
  subjects: Readonly<Record<string, string>>;
}): string {
  const { role, host, port, database } = target.address;
  return hashOf({
    role,
    host,
    port,
    database,
    searchPath: target.searchPath,
    classifications: target.classifications,
    subjects: target.subjects,
  });
}

/** SHA-256 over a tool's definition and its target's hash: an action measured under another one is measured again. */
export function toolHash(tool: {
  name: string;
  description: string;
  kind: string;
  execution: string;
  inputSchema: Readonly<Record<string, unknown>>;
  effects: readonly Effect[];
  annotations: Readonly<Record<string, unknown>>;
  targetHash: string | null;
}): string {
  return hashOf({
    name: tool.name,
    description: tool.description,
    kind: tool.kind,
    execution: tool.execution,
    inputSchema: tool.inputSchema,
    effects: tool.effects,
    ...(Object.keys(tool.annotations).length === 0 ? {} : { annotations: tool.annotations }),
    target: tool.targetHash,
  });
}

/** Everything a tool's definition says of itself; its target by name, since what that holds is measured. */
export type PinnedDefinition = Omit<ToolState, 'gone'>;

export function pinnedDefinition(tool: ToolState): PinnedDefinition {
  const { gone: _, ...definition } = tool;
  return definition;
}

/** SHA-256 over a tool's own definition, name and description included: what a person confirms. */
export const pinHash = (tool: ToolState): string => hashOf(pinnedDefinition(tool));
