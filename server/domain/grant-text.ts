import type { GrantBounds, GrantShape } from './grant';

const list = (names: readonly string[]): string => `[${names.map((n) => JSON.stringify(n)).join(', ')}]`;

/**
 * A grant as a policy would say it, for reading before it is given. Bounds over all uses are counted by Holdpoint, not by Cedar; they stand in
 * comments.
 */
export function grantText(of: {
  id: string | null;
  by: string;
  agent: string;
  tool: string;
  /** The name of what it acts on. */
  target: string | null;
  /** Null before it is given. */
  expiresAt: string | null;
  shape: GrantShape;
  bounds: GrantBounds | null;
}): string {
  const { shape, bounds } = of;
  const until = of.expiresAt === null ? '' : ` until ${of.expiresAt.slice(0, 16).replace('T', ' ')} UTC`;
  const resource = of.target === null ? 'resource' : `resource == Target::${JSON.stringify(of.target)}`;
  const touches = shape.touches.map(
    (t) => `//   ${t.operation} ${t.resource}${t.columns ? ` (${t.columns.join(', ')})` : ''}`,
  );
  const audience =
    shape.audience.length === 0
      ? '// and reaches nobody'
      : `// and reaches nobody but ${shape.audience.map((a) => a.name).join(', ')}`;
  return [
    `@id(${JSON.stringify(of.id ?? 'grant')})`,
    `@because(${JSON.stringify(`${of.by} approved one like it and allowed the next${until}.`)})`,
    `permit (principal == Agent::${JSON.stringify(of.agent)}, action, ${resource})`,
    'when {',
    `  context.tool == ${JSON.stringify(of.tool)} &&`,
    `  ${list(shape.classes)}.containsAll(context.classes) &&`,
    '  context.exact && context.unmeasured == 0 && !context.unbounded',
    '};',
    '// It touches nothing but',
    ...touches,
    audience,
    `// is at most ${shape.level}, and is held by nothing but ${shape.rules.join(', ') || 'the lack of a permit'}.`,
    ...(bounds === null
      ? []
      : [
          `// At most ${bounds.uses} times, ${bounds.rows} rows and ${bounds.people} people over all of them.`,
        ]),
  ].join('\n');
}
