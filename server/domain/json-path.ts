import { JSONPathEnvironment, JSONPathError } from 'json-p3';
import { toPointer } from './json-pointer';

/**
 * RFC 9535 without `match` and `search`: they would run an operator's pattern over an agent's text with a
 * backtracking engine.
 */
const environment = new JSONPathEnvironment();
environment.functionRegister.delete('match');
environment.functionRegister.delete('search');

/** What is wrong with a JSONPath expression, in words; null when it can be evaluated. */
export function findPathFault(expression: string): string | null {
  try {
    environment.compile(expression);
    return null;
  } catch (error) {
    if (error instanceof JSONPathError) return error.message;
    throw error;
  }
}

/** Every value the expression selects, in document order. Throws on an expression `findPathFault` finds a fault in. */
export function selectValues(expression: string, value: Readonly<Record<string, unknown>>): unknown[] {
  return environment.query(expression, value as Parameters<typeof environment.query>[1]).values();
}

/** One value an expression selects, and where it stands. */
export type SelectedValue = { pointer: string; value: unknown };

/** What the expression selects with its place in the arguments, in document order. */
export function selectNodes(expression: string, value: Readonly<Record<string, unknown>>): SelectedValue[] {
  return environment
    .query(expression, value as Parameters<typeof environment.query>[1])
    .nodes.map((node) => ({ pointer: toPointer(node.location), value: node.value }));
}
