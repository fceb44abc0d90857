import { hashOf } from './canonical';
import type { Effect, PostgresParts, TargetParts } from './catalog';
import { parseConnection } from './connection-address';
import { credentialWord, settingsOf } from './target-parts';
import type { ToolState } from './workspace-state';

/**
 * SHA-256 over everything about a target that changes what a call would touch. Secrets are left out: a rotated password or token reaches the
 * same data in the same name.
 */
export function targetHash(target: TargetParts): string {
  if (target.kind === 'postgres') return postgresHash(target);
  if (target.kind === 'files') return hashOf(settingsOf(target));
  return hashOf({ ...settingsOf(target), credential: credentialWord(target.credentials) });
}

function postgresHash(target: PostgresParts): string {
  const connection = parseConnection(target.connection);
  if (!connection.ok) throw new Error('a connection was checked to be readable and is not');
  const { role, host, port, database } = connection.address;
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
  operationId?: string | null;
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
    ...(tool.operationId ? { operationId: tool.operationId } : {}),
    target: tool.targetHash,
  });
}

/** Everything a tool's definition says of itself; its target by name, since what that holds is measured. */
export type PinnedDefinition = Omit<ToolState, 'gone' | 'operationId'> & { operationId?: string };

export function pinnedDefinition(tool: ToolState): PinnedDefinition {
  const { gone: _, operationId, ...definition } = tool;
  // Left out where there is none: what was confirmed before tools could call one operation stays confirmed.
  return operationId === null ? definition : { ...definition, operationId };
}

/** SHA-256 over a tool's own definition, name and description included: what a person confirms. */
export const pinHash = (tool: ToolState): string => hashOf(pinnedDefinition(tool));
