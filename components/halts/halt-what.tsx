'use client';
import { Field } from '@/components/ui/field';
import { Select } from '@/components/ui/select';
import type { HaltScope } from '@/server/domain/vocabulary';
import { type HaltSubject, subjectName } from './halt-subject';
import { ScopeChoice } from './scope-choice';

const WORDS: Readonly<Record<HaltSubject['scope'], { title: string; label: string; text: string }>> = {
  agent: { title: 'One agent', label: 'Agent', text: 'The others keep working' },
  run: { title: 'This run', label: 'Run', text: 'The agent’s other runs go on' },
  tool: { title: 'One tool', label: 'Tool', text: 'No agent can use it' },
  target: { title: 'One target', label: 'Target', text: 'Nothing reaches it, whichever tool' },
};
const SCOPES = ['agent', 'run', 'tool', 'target'] as const;

/** What to halt: everything, or one thing of a kind of which there are any. */
export function HaltWhat({
  workspace,
  subjects,
  scope,
  id,
  onScope,
  onId,
}: {
  workspace: string;
  subjects: readonly HaltSubject[];
  scope: HaltScope;
  id: string;
  onScope: (scope: HaltScope) => void;
  onId: (id: string) => void;
}) {
  const ofScope = subjects.filter((each) => each.scope === scope);
  return (
    <>
      <fieldset className="grid gap-2 sm:grid-cols-2">
        <legend className="sr-only">What to halt</legend>
        <ScopeChoice
          value="workspace"
          current={scope}
          onChoose={onScope}
          title="Everything"
          text={`Every agent in ${workspace}`}
        />
        {SCOPES.filter((each) => subjects.some((subject) => subject.scope === each)).map((each) => (
          <ScopeChoice
            key={each}
            value={each}
            current={scope}
            onChoose={onScope}
            title={WORDS[each].title}
            text={WORDS[each].text}
          />
        ))}
      </fieldset>
      {scope === 'workspace' || scope === 'run' ? null : (
        <Field label={WORDS[scope].label}>
          {(control) => (
            <Select {...control} value={id} onChange={(event) => onId(event.target.value)}>
              {ofScope.map((each) => (
                <option key={each.id} value={each.id}>
                  {subjectName(each)}
                </option>
              ))}
            </Select>
          )}
        </Field>
      )}
    </>
  );
}
