import type { HttpParts } from './catalog';
import type { ApiOperation } from './openapi';
import type { OperationRule } from './target-settings';

/** Whether a rule's name means this operation: its id, `METHOD /path` as the document writes it, or `METHOD /path/**`. */
export function ruleMatches(name: string, operation: Pick<ApiOperation, 'name' | 'operationId'>): boolean {
  if (name === operation.name || name === operation.operationId) return true;
  return name.endsWith('/**') && `${operation.name}/`.startsWith(name.slice(0, -2));
}

/** The longest rule wins, and an exact one over every pattern. */
const rankOf = (name: string): number => (name.endsWith('/**') ? name.length : 100_000);

/**
 * Everything declared about an operation. What the operator says at the target wins over what the document says of itself, field by
 * field; classes are those of both, because a class can only be added.
 */
export function ruleFor(target: Pick<HttpParts, 'operations'>, operation: ApiOperation): OperationRule {
  const names = Object.keys(target.operations)
    .filter((name) => ruleMatches(name, operation))
    .sort((a, b) => rankOf(a) - rankOf(b));
  const rules = [operation.declared, ...names.map((name) => target.operations[name] ?? {})];
  const all = (field: 'classes' | 'returns') => {
    const said = rules.flatMap((rule) => (rule[field] === undefined ? [] : [rule[field]]));
    return said.length === 0 ? {} : { [field]: [...new Set(said.flat())].sort() };
  };
  return { ...Object.assign({}, ...rules), ...all('classes'), ...all('returns') };
}
