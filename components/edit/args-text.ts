/** Arguments as somebody edits them: the statement of a query by itself, everything else as JSON. */
export type ArgsText = { statement: string | null; json: string };

export function toText(args: Readonly<Record<string, unknown>>, isSql: boolean): ArgsText {
  const { statement, ...rest } = args;
  if (!isSql || typeof statement !== 'string') {
    return { statement: null, json: JSON.stringify(args, null, 2) };
  }
  return { statement, json: Object.keys(rest).length === 0 ? '' : JSON.stringify(rest, null, 2) };
}

/** The arguments again, or what is wrong with what was typed. */
export function fromText(text: ArgsText): { args: Record<string, unknown> } | { problem: string } {
  try {
    const rest: unknown = text.json.trim() === '' ? {} : JSON.parse(text.json);
    if (rest === null || typeof rest !== 'object' || Array.isArray(rest)) {
      return { problem: 'Arguments are one JSON object: { … }.' };
    }
    const args = rest as Record<string, unknown>;
    return { args: text.statement === null ? args : { statement: text.statement, ...args } };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : 'This is no JSON.' };
  }
}

/** One text of all of it, for comparing. */
export const whole = ({ statement, json }: ArgsText): string =>
  [statement, json].filter((part) => part !== null && part !== '').join('\n');
