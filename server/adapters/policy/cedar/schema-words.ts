import type { LanguageWords } from '@/server/domain/policy-language';
import { FACT_WORDS } from './fact-words';
import { SCHEMA } from './read-policies';

const ATTRIBUTE = /^ {2}(\w+)(\??): (.+?),?$/;
const INNER = /(\w+)\??: ([\w<>]+)/g;

/** Attributes with the comment above each, as the schema has them: what an editor offers. */
function attributesIn(block: string, prefix: string): LanguageWords['facts'] {
  const facts: LanguageWords['facts'] = [];
  let comment: string[] = [];
  for (const line of block.split('\n')) {
    const said = /^\s*\/\/ ?(.*)$/.exec(line);
    const attribute = ATTRIBUTE.exec(line);
    if (said !== null) comment.push(said[1] ?? '');
    else if (attribute !== null) {
      const [, name = '', optional = '', type = ''] = attribute;
      const doc = comment.join(' ');
      const path = `${prefix}.${name}`;
      facts.push({ path, type: type.startsWith('{') ? 'record' : type, doc, optional: optional === '?' });
      if (type.startsWith('{')) {
        for (const [, inner = '', innerType = ''] of type.matchAll(INNER))
          facts.push({ path: `${path}.${inner}`, type: innerType, doc, optional: optional === '?' });
      }
      comment = [];
    } else comment = [];
  }
  return facts;
}

const between = (from: string, to: string): string => {
  const start = SCHEMA.indexOf(from);
  return start < 0 ? '' : SCHEMA.slice(start + from.length, SCHEMA.indexOf(to, start));
};

/** What can be written: facts with their meaning, actions, annotations with their values. Read from the schema itself. */
export function schemaWords(): LanguageWords {
  return {
    facts: [
      ...attributesIn(between('type Facts = {', '\n};'), 'context'),
      ...attributesIn(between('entity Agent = {', '\n};'), 'principal'),
      { path: 'resource.kind', type: 'String', doc: 'What kind of target it acts on.', optional: false },
    ],
    actions: ['read', 'change'],
    annotations: [
      { name: 'id', values: [], doc: 'Its name: lower-case words joined by hyphens, once in the set.' },
      { name: 'title', values: [], doc: 'What a reviewer reads first.' },
      {
        name: 'because',
        values: [...FACT_WORDS].map((word) => `{${word}}`),
        doc: 'The reason, as a sentence. Facts in braces are filled in.',
      },
      { name: 'verdict', values: ['hold'], doc: 'A forbid with it holds; without it, it denies.' },
      { name: 'quorum', values: ['1', '2', '3'], doc: 'So many distinct people approve, 1 to 9.' },
      { name: 'reviewers', values: [], doc: 'Groups whose members decide, separated by commas.' },
      { name: 'expires', values: ['PT1H', 'PT4H', 'P1D', 'P7D'], doc: 'Decided by then, or it expires.' },
      { name: 'presence', values: ['session', 'passkey'], doc: 'What proof each approval needs.' },
    ],
  };
}
