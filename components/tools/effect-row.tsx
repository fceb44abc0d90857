import { Trash2 } from 'lucide-react';
import { Callout } from '@/components/ui/callout';
import { Field } from '@/components/ui/field';
import { IconButton } from '@/components/ui/icon-button';
import { Input } from '@/components/ui/input';
import { Select } from '@/components/ui/select';
import type { Effect } from '@/server/domain/catalog';
import type { EffectAdvice } from '@/server/domain/effect-advice';
import type { SchemaPath } from '@/server/domain/schema-paths';
import { EFFECTS } from '@/server/domain/vocabulary';
import { ConditionFields } from './condition-fields';
import { PathInput } from './path-input';

const PATHS = [
  ['resource', 'what it acts on'],
  ['audience', 'who receives it'],
  ['content', 'what it carries'],
  ['amount', 'amount of money'],
  ['currency', 'currency (path or code)'],
] as const;

type Change = (effect: Effect) => void;

/** Sets a field, or takes it out where nothing is said. */
function withField<K extends keyof Effect>(effect: Effect, field: K, value: Effect[K] | undefined): Effect {
  const { [field]: _, ...rest } = effect;
  return (value === undefined ? rest : { ...rest, [field]: value }) as Effect;
}

function Plain({ effect, onChange }: { effect: Effect; onChange: Change }) {
  const undo = effect.reversible === undefined ? '' : String(effect.reversible);
  return (
    <>
      <Field label="kinds of data" hint="Separated by commas.">
        {(control) => (
          <Input
            {...control}
            defaultValue={(effect.classes ?? []).join(', ')}
            placeholder="personal, financial"
            onChange={(event) => {
              const classes = event.target.value
                .split(',')
                .map((each) => each.trim())
                .filter(Boolean);
              onChange(withField(effect, 'classes', classes.length === 0 ? undefined : classes));
            }}
          />
        )}
      </Field>
      <Field label="can be undone">
        {(control) => (
          <Select
            {...control}
            value={undo}
            onChange={(event) => {
              const word = event.target.value;
              onChange(withField(effect, 'reversible', word === '' ? undefined : word === 'true'));
            }}
          >
            <option value="">not said</option>
            <option value="true">yes</option>
            <option value="false">no</option>
          </Select>
        )}
      </Field>
    </>
  );
}

/** One effect of a map as a row of fields; what the form has no field for stays as it is in the text. */
export function EffectRow({
  index,
  effect,
  paths,
  advice,
  problemAt,
  onChange,
  onRemove,
}: {
  index: number;
  effect: Effect;
  paths: readonly SchemaPath[];
  advice: readonly EffectAdvice[];
  problemAt: (pointer: string) => string | null;
  onChange: Change;
  onRemove: () => void;
}) {
  const problem = (field: string) => problemAt(`/effects/${index}/${field}`);
  return (
    <li className="space-y-4 py-4 first:pt-0 last:pb-0">
      <div className="flex items-end gap-3">
        <Field label={`Effect ${index + 1}`} className="w-40" error={problem('effect')}>
          {(control) => (
            <Select
              {...control}
              value={effect.effect}
              onChange={(event) => onChange({ ...effect, effect: event.target.value as Effect['effect'] })}
            >
              {EFFECTS.map((each) => (
                <option key={each}>{each}</option>
              ))}
            </Select>
          )}
        </Field>
        <IconButton label={`Remove effect ${index + 1}`} onClick={onRemove}>
          <Trash2 />
        </IconButton>
      </div>
      <div className="grid gap-3 sm:grid-cols-2 lg:grid-cols-3">
        {PATHS.map(([field, label]) => (
          <PathInput
            key={field}
            label={label}
            value={effect[field] ?? ''}
            paths={paths}
            error={problem(field)}
            onChange={(value) => onChange(withField(effect, field, value === '' ? undefined : value))}
          />
        ))}
        <Plain effect={effect} onChange={onChange} />
      </div>
      {(['when', 'anyone'] as const).map((field) => (
        <ConditionFields
          key={field}
          label={field === 'when' ? 'only when' : 'open to anyone when'}
          condition={effect[field]}
          paths={paths}
          error={problem(field) ?? problem(`${field}/path`)}
          onChange={(condition) => onChange(withField(effect, field, condition))}
        />
      ))}
      {advice.length > 0 ? (
        <Callout tone="caution">
          <ul className="space-y-1">
            {advice.map(({ field, message }) => (
              <li key={field + message}>{message}</li>
            ))}
          </ul>
        </Callout>
      ) : null}
    </li>
  );
}
