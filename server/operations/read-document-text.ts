import { isNode, LineCounter, parseDocument as parseYaml } from 'yaml';
import { accept, type Outcome, refuse } from '@/server/domain/refusal';

const TEXT_MAX = 2_000_000;

export type DocumentText = {
  value: unknown;
  /** Where the value a JSON pointer names stands in the text, or its nearest parent that does; both count from 1. */
  locate(pointer: string): { line: number; column: number };
};

/** Reads YAML (or JSON, which is YAML); what is not well-formed is refused with its line and column. */
export function readDocumentText(text: string): Outcome<DocumentText> {
  if (text.length > TEXT_MAX) {
    return refuse('document_invalid', 'The document is larger than 2 MB. Split it into several files.');
  }
  const lines = new LineCounter();
  const parsed = parseYaml(text, { lineCounter: lines, prettyErrors: false });
  const [fault] = parsed.errors;
  if (fault !== undefined) {
    const { line, col } = lines.linePos(fault.pos[0]);
    const message = `Line ${line}, column ${col}: ${fault.message}`;
    return refuse('document_invalid', `Nothing was applied. ${message}`, {
      problems: [{ pointer: '', message }],
    });
  }
  try {
    // Aliases that multiply ("billion laughs") stop here with an error instead of filling the memory.
    const value: unknown = parsed.toJS({ maxAliasCount: 100 });
    return accept({
      value,
      locate(pointer) {
        const { line, col } = lines.linePos(offsetOf(parsed, pointer));
        return { line, column: col };
      },
    });
  } catch (error) {
    const why = error instanceof Error ? error.message : 'it cannot be read';
    return refuse('document_invalid', `Nothing was applied. The document cannot be read: ${why}.`);
  }
}

function offsetOf(document: ReturnType<typeof parseYaml>, pointer: string): number {
  const path = pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  for (let length = path.length; length >= 0; length--) {
    const steps = path.slice(0, length).map((part) => (/^\d+$/.test(part) ? Number(part) : part));
    const node = length === 0 ? document.contents : document.getIn(steps, true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return 0;
}
