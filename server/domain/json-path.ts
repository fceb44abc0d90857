import { JSONPathEnvironment, JSONPathError, jsonpath } from 'json-p3';
import { toPointer } from './json-pointer';

/**
 * RFC 9535 without `match` and `search`: they would run an operator's pattern over an agent's text with a
 * backtracking engine. Arguments are nested at most 64 levels; the library's own limit lies below that.
 */
const environment = new JSONPathEnvironment({ maxRecursionDepth: 100 });
environment.functionRegister.delete('match');
environment.functionRegister.delete('search');

const { NameSelector, IndexSelector, FilterSelector } = jsonpath.selectors;
const { FilterQuery, RootQuery, FunctionExtension, InfixExpression, LogicalExpression, PrefixExpression } =
  jsonpath.expressions;
type Expression = InstanceType<typeof jsonpath.expressions.FilterExpression>;

function queriesIn(expression: Expression): InstanceType<typeof FilterQuery>[] {
  if (expression instanceof FilterQuery) return [expression];
  if (expression instanceof LogicalExpression) return queriesIn(expression.expression);
  if (expression instanceof PrefixExpression) return queriesIn(expression.right);
  if (expression instanceof InfixExpression)
    return [...queriesIn(expression.left), ...queriesIn(expression.right)];
  if (expression instanceof FunctionExtension) return expression.args.flatMap(queriesIn);
  return [];
}

function segmentFault(segment: jsonpath.JSONPathSegment): string | null {
  const { selectors } = segment;
  if (selectors.length > 1) {
    const single = selectors.every(
      (s) => s instanceof NameSelector || (s instanceof IndexSelector && s.index >= 0),
    );
    const distinct = new Set(selectors.map(String)).size === selectors.length;
    if (!single || !distinct) return 'several choices in one bracket may only be different names or indexes';
  }
  for (const selector of selectors) {
    if (!(selector instanceof FilterSelector)) continue;
    for (const query of queriesIn(selector.expression)) {
      if (query instanceof RootQuery)
        return 'inside [?…] only @ and constants can be used: repeat the effect with `when` instead of comparing with $';
      if (!query.path.singularQuery())
        return 'inside [?…] a path may name one value only, without *, .. or a further filter';
    }
  }
  return null;
}

/**
 * What would make an expression visit the arguments more than once: agents choose the arguments, and cost has to grow with their size only.
 */
function costFault(query: jsonpath.JSONPathQuery): string | null {
  const descents = query.segments.filter(isDescent).length;
  if (descents > 1) return 'use .. at most once';
  for (const segment of query.segments) {
    const fault = segmentFault(segment);
    if (fault !== null) return fault;
  }
  return null;
}

/** What is wrong with a JSONPath expression, in words; null when it can be evaluated in time linear in the arguments. */
export function findPathFault(expression: string): string | null {
  try {
    return costFault(environment.compile(expression));
  } catch (error) {
    if (error instanceof JSONPathError) return error.message;
    throw error;
  }
}

/** One value an expression selects, and where it stands. */
export type SelectedValue = { path: readonly (string | number)[]; pointer: string; value: unknown };

/**
 * What an expression selects but for null, which stands in `nulls`; and the places where it was to find something and nothing is there: a
 * payment without an amount.
 */
export type Selection = { values: SelectedValue[]; missing: string[]; nulls: string[] };

type Segment = jsonpath.JSONPathSegment;
type Json = Parameters<jsonpath.JSONPathQuery['query']>[0];
const { JSONPathQuery } = jsonpath;

const isContainer = (value: unknown): boolean => value !== null && typeof value === 'object';
const isDescent = (segment: Segment): boolean => segment.toString().startsWith('..');
/** Whether a segment that finds nothing here was meant to find something: an empty list is no hole, a list that is not there is one. */
const leavesHole = (segment: Segment, value: unknown): boolean =>
  !isDescent(segment) &&
  (segment.selectors.some((s) => s instanceof NameSelector || s instanceof IndexSelector) ||
    !isContainer(value));

/** Every value the expression selects, in document order, and every hole. Throws on an expression `findPathFault` finds a fault in. */
export function select(expression: string, args: Readonly<Record<string, unknown>>): Selection {
  let values: SelectedValue[] = [{ path: [], pointer: '', value: args }];
  const missing: string[] = [];
  for (const segment of environment.compile(expression).segments) {
    const step = new JSONPathQuery(environment, [segment]);
    values = values.flatMap((from) => {
      const found = step.query(from.value as Json).nodes;
      if (found.length === 0 && leavesHole(segment, from.value)) missing.push(from.pointer);
      return found.map(({ location, value }) => {
        const path = [...from.path, ...location];
        return { path, pointer: toPointer(path), value };
      });
    });
  }
  return { ...withoutNulls(values), missing };
}

const withoutNulls = (values: readonly SelectedValue[]): Pick<Selection, 'values' | 'nulls'> => ({
  values: values.filter((v) => v.value !== null),
  nulls: values.filter((v) => v.value === null).map((v) => v.pointer),
});

/** The names and indexes an expression begins with, up to the first that may select several values: `$.to[*]` → `to`. */
export function leadingNames(expression: string): string[] {
  const names: string[] = [];
  for (const segment of environment.compile(expression).segments) {
    const [selector] = segment.selectors;
    if (segment.selectors.length !== 1 || !(selector instanceof NameSelector)) break;
    if (isDescent(segment)) break;
    names.push(selector.name);
  }
  return names;
}

/** The same with lists among the values opened: each element in its place. Objects stay whole. */
export function selectElements(expression: string, args: Readonly<Record<string, unknown>>): Selection {
  const selected = select(expression, args);
  const elements: SelectedValue[] = [];
  const visit = (at: SelectedValue): void => {
    if (!Array.isArray(at.value)) elements.push(at);
    else {
      for (const [index, value] of at.value.entries())
        visit({ path: [...at.path, index], pointer: `${at.pointer}/${index}`, value });
    }
  };
  for (const value of selected.values) visit(value);
  const opened = withoutNulls(elements);
  return { ...opened, nulls: [...selected.nulls, ...opened.nulls], missing: selected.missing };
}

/** Whether some of it was to be found and was not. */
export const hasHoles = ({ missing, nulls }: Selection): boolean => missing.length > 0 || nulls.length > 0;
