import { hashOf } from './canonical';
import type { Effect } from './catalog';
import type { ConnectionAddress } from './connection-address';

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
  targetHash: string | null;
}): string {
  return hashOf({
    name: tool.name,
    description: tool.description,
    kind: tool.kind,
    execution: tool.execution,
    inputSchema: tool.inputSchema,
    effects: tool.effects,
    target: tool.targetHash,
  });
}
