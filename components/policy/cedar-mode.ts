import type { CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import { LanguageSupport, StreamLanguage, type StreamParser } from '@codemirror/language';
import type { PolicyLanguageView } from '@/server/domain/policy-views';

const KEYWORDS = new Set([
  'permit',
  'forbid',
  'when',
  'unless',
  'in',
  'has',
  'like',
  'is',
  'if',
  'then',
  'else',
]);
const SUBJECTS = new Set(['principal', 'action', 'resource', 'context']);

/** Cedar for the eye; what is right is said by the server. */
const parser: StreamParser<null> = {
  name: 'cedar',
  startState: () => null,
  token(stream) {
    if (stream.eatSpace()) return null;
    if (stream.match('//')) {
      stream.skipToEnd();
      return 'comment';
    }
    if (stream.match(/^"(?:[^"\\]|\\.)*"?/)) return 'string';
    if (stream.match(/^@\w+/)) return 'meta';
    if (stream.match(/^\d+/)) return 'number';
    const word = stream.match(/^\w+/) as RegExpMatchArray | null;
    if (word) {
      if (KEYWORDS.has(word[0])) return 'keyword';
      if (word[0] === 'true' || word[0] === 'false') return 'bool';
      return /^[A-Z]/.test(word[0]) ? 'typeName' : SUBJECTS.has(word[0]) ? 'keyword' : null;
    }
    stream.next();
    return null;
  },
  languageData: { commentTokens: { line: '//' }, closeBrackets: { brackets: ['(', '[', '{', '"'] } },
};
export const cedar = new LanguageSupport(StreamLanguage.define(parser));

const VALUES: readonly [RegExp, (words: PolicyLanguageView) => string[]][] = [
  [/context\.tool\.name\s*==\s*"([^"]*)$/, (w) => w.tools],
  [/Target::"([^"]*)$/, (w) => w.targets],
  [/Action::"([^"]*)$/, (w) => w.actions],
  [/@reviewers\("(?:[^"]*,\s*)?([^",]*)$/, (w) => w.groups],
];

/** What can be written here: facts with what they mean, annotations with their values, the names this workspace uses. */
export function completions(words: PolicyLanguageView) {
  return (context: CompletionContext): CompletionResult | null => {
    const line = context.state.doc.lineAt(context.pos);
    const before = line.text.slice(0, context.pos - line.from);
    for (const [pattern, values] of VALUES) {
      const found = pattern.exec(before);
      if (found)
        return offered(
          context.pos - (found[1] ?? '').length,
          values(words).map((label) => ({ label })),
        );
    }
    const annotation = /@(\w+)\("([^"]*)$/.exec(before);
    if (annotation) {
      const known = words.annotations.find((a) => a.name === annotation[1]);
      const typed = /\{?\w*$/.exec(annotation[2] ?? '')?.[0] ?? '';
      return offered(
        context.pos - typed.length,
        (known?.values ?? []).map((label) => ({ label })),
      );
    }
    const at = context.matchBefore(/@\w*/);
    if (at) {
      return offered(
        at.from,
        words.annotations.map((a) => ({ label: `@${a.name}`, apply: `@${a.name}("`, info: a.doc })),
      );
    }
    const path = context.matchBefore(/\b(context|principal|resource)[.\w]*/);
    if (path) {
      return offered(
        path.from,
        words.facts.map((f) => ({ label: f.path, detail: f.type, ...(f.doc === '' ? {} : { info: f.doc }) })),
      );
    }
    return null;
  };
}

const offered = (from: number, options: { label: string }[]): CompletionResult => ({
  from,
  options,
  validFor: /^[@{\w. -]*$/,
});
