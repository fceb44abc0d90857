import type { PolicyWords } from '@/server/domain/policy-report';
import type { PolicyEntry, PolicySet } from '@/server/domain/policy-set';
import type { PolicyLanguage } from '@/server/domain/ports';
import { createCedarPolicy } from './cedar-policy';
import { checkPolicies } from './check-policies';
import { enabledOf } from './enabled';
import { readNotes } from './policy-notes';
import { hashOfPolicies } from './prepared-sets';
import { readDefaultPolicies } from './read-policies';
import { readCaseEntries } from './run-cases';
import { schemaWords } from './schema-words';
import { createWorkbench } from './workbench/workbench';

const WORDS_MAX = 5_000;

const shippedPolicies = (): PolicyEntry[] =>
  Object.entries(readDefaultPolicies()).map(([id, text]) => ({ id, text }));

function wordsOf(text: string): PolicyWords | null {
  const read = readNotes(text);
  if (!read.ok) return null;
  const { id, title, because, verdict, ...obligation } = read.notes;
  return { id, title, because, verdict, obligation: verdict === 'hold' ? obligation : null };
}

/** Policy written in Cedar. */
export function createCedarLanguage(): PolicyLanguage {
  const workbench = createWorkbench();
  const words = new Map<string, PolicyWords | null>();
  let shipped: PolicySet | null = null;
  const describe = (text: string): PolicyWords | null => {
    const known = words.get(text);
    if (known !== undefined) return known;
    const read = wordsOf(text);
    const [oldest] = words.keys();
    if (words.size >= WORDS_MAX && oldest !== undefined) words.delete(oldest);
    words.set(text, read);
    return read;
  };
  return {
    shipped() {
      shipped ??= { policies: shippedPolicies(), cases: readCaseEntries() };
      return shipped;
    },
    load(name, policies) {
      const enabled = enabledOf(policies);
      return {
        policy: `${name}@${hashOfPolicies(enabled).slice(0, 12)}`,
        engine: createCedarPolicy({ policies: enabled, name }),
      };
    },
    describe,
    check: (entry) => checkPolicies({ [entry.id]: entry.text }),
    words: schemaWords,
    report: workbench.report,
    compare: workbench.compare,
    close: workbench.close,
  };
}
