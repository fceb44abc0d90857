/** What stands for a fact in the reason of a policy that has not judged anything yet. */
const STAND_INS: Readonly<Record<string, string>> = {
  agent: 'the agent',
  tool: 'the tool',
  target: 'the target',
  classes: 'these kinds of',
  missing: 'some kinds of',
  rowsRead: 'so many rows',
  rowsChanged: 'so many rows',
  rowsDeleted: 'so many rows',
  rowsReachedIndirectly: 'so many rows',
  people: 'so many people',
  runSubjects: 'so many people',
  agentSubjects: 'so many people',
  audience: 'so many people',
  outside: 'What of it, and why.',
  unmeasured: 'What could not be measured, and why.',
  forbidden: 'What it may not do, and what to do instead.',
};

export type ReasonPart = { text: string; isFact: boolean };

/** A reason in parts: the words as written, and what will be filled in. A fact without a stand-in keeps its name. */
export function reasonParts(because: string): ReasonPart[] {
  const parts: ReasonPart[] = [];
  for (const part of because.split(/(\{\w+\})/)) {
    if (part === '') continue;
    const isFact = /^\{\w+\}$/.test(part);
    const name = part.slice(1, -1);
    const words = isFact ? (STAND_INS[name] ?? name) : part;
    parts.push({ text: parts.length === 0 ? words.charAt(0).toUpperCase() + words.slice(1) : words, isFact });
  }
  return parts;
}
