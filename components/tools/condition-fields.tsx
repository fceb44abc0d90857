import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Select } from '@/components/ui/select';
import type { Effect } from '@/server/domain/catalog';
import type { SchemaPath } from '@/server/domain/schema-paths';
import { PathInput } from './path-input';

type Condition = NonNullable<Effect['when']>;
type Parts = Exclude<Condition, string>;
type Values = NonNullable<Parts['is']>;

const partsOf = (condition: Condition | undefined): Parts =>
  typeof condition === 'string' ? { path: condition } : (condition ?? { path: '' });

const asValue = (text: string): Values[number] => {
  if (text === 'true' || text === 'false') return text === 'true';
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
};
const asValues = (text: string): Values => text.split(',').map((each) => asValue(each.trim()));
const absentWord = (absent: boolean | undefined): string => (absent === undefined ? '' : String(absent));

/** A condition on one argument: its path, what it is compared with, and what it means when it is left out. */
export function ConditionFields({
  label,
  condition,
  paths,
  error,
  onChange,
}: {
  label: string;
  condition: Condition | undefined;
  paths: readonly SchemaPath[];
  error: string | null;
  onChange: (condition: Condition | undefined) => void;
}) {
  const parts = partsOf(condition);
  const how = parts.not !== undefined ? 'not' : parts.is !== undefined ? 'is' : 'there';
  const values = (parts.is ?? parts.not ?? []).join(', ');
  const set = (next: Parts) => onChange(next.path === '' ? undefined : next);
  const compare = (word: string, text: string) => {
    const { path, absent } = parts;
    const rest = absent === undefined ? { path } : { path, absent };
    set(word === 'there' ? { path } : { ...rest, [word]: asValues(text) });
  };
  const leftOut = (word: string) => {
    const { absent: _, ...rest } = parts;
    set(word === '' ? rest : { ...rest, absent: word === 'true' });
  };
  return (
    <fieldset className="grid gap-3 sm:grid-cols-4">
      <legend className="sr-only">{label}</legend>
      <PathInput
        label={label}
        value={parts.path}
        paths={paths}
        error={error}
        onChange={(path) => set({ ...parts, path })}
      />
      {parts.path === '' ? null : (
        <>
          <Field label="compared">
            {(control) => (
              <Select {...control} value={how} onChange={(event) => compare(event.target.value, values)}>
                <option value="there">is there</option>
                <option value="is">is</option>
                <option value="not">is not</option>
              </Select>
            )}
          </Field>
          {how === 'there' ? null : (
            <>
              <Field label="values">
                {(control) => (
                  <Input
                    {...control}
                    value={values}
                    placeholder="true, anyone"
                    onChange={(event) => compare(how, event.target.value)}
                  />
                )}
              </Field>
              <Field label="when left out">
                {(control) => (
                  <Select
                    {...control}
                    value={absentWord(parts.absent)}
                    onChange={(event) => leftOut(event.target.value)}
                  >
                    <option value="">not said: it holds</option>
                    <option value="true">it holds</option>
                    <option value="false">it does not</option>
                  </Select>
                )}
              </Field>
            </>
          )}
        </>
      )}
    </fieldset>
  );
}
