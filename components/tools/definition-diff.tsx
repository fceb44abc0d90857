import { InertText } from '@/components/agent-words/inert-text';
import { writeEntry } from './tool-entry';

type Definition = Readonly<Record<string, unknown>>;

const WORDS: Readonly<Record<string, string>> = { inputSchema: 'input schema', effects: 'effect map' };
const textOf = (value: unknown): string =>
  value === undefined || value === null
    ? ''
    : typeof value === 'string'
      ? value
      : writeEntry(value as Definition);

/** Lines that only one of two texts has, in the order of that text. */
export function changedLines(before: string, after: string): { gone: string[]; added: string[] } {
  const lines = (text: string) => (text === '' ? [] : text.trimEnd().split('\n'));
  const rest = (of: string[], other: string[]) => {
    const left = new Map<string, number>();
    for (const line of other) left.set(line, (left.get(line) ?? 0) + 1);
    return of.filter((line) => {
      const count = left.get(line) ?? 0;
      left.set(line, count - 1);
      return count <= 0;
    });
  };
  const [old, now] = [lines(before), lines(after)];
  return { gone: rest(old, now), added: rest(now, old) };
}

function Lines({ sign, lines, label, tone }: { sign: string; lines: string[]; label: string; tone: string }) {
  return lines.map((line, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: equal lines may stand there twice
    <span key={`${sign}${index}`} className={`block whitespace-pre-wrap break-words px-2 ${tone}`}>
      <span className="sr-only">{label}: </span>
      <span aria-hidden>{sign} </span>
      <InertText text={line} />
    </span>
  ));
}

/** What differs between two definitions, field by field, as lines that go and lines that come. */
export function DefinitionDiff({ before, after }: { before: Definition | null; after: Definition }) {
  const fields = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after)])].filter(
    (field) => textOf(before?.[field]) !== textOf(after[field]),
  );
  if (fields.length === 0) return <span>Nothing differs.</span>;
  return (
    <span className="block max-h-80 space-y-3 overflow-y-auto text-left">
      {fields.map((field) => {
        const { gone, added } = changedLines(textOf(before?.[field]), textOf(after[field]));
        return (
          <span key={field} className="block">
            <span className="font-medium text-ink text-sm">{WORDS[field] ?? field}</span>
            <span className="mt-1 block rounded-md border border-line bg-sunken py-1.5 font-mono text-ink text-xs leading-5">
              <Lines sign="−" label="taken away" lines={gone} tone="text-danger-text" />
              <Lines sign="+" label="added" lines={added} tone="text-good-text" />
              {gone.length + added.length === 0 ? (
                <span className="px-2">Only the order changed.</span>
              ) : null}
            </span>
          </span>
        );
      })}
    </span>
  );
}
