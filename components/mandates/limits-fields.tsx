'use client';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Select } from '@/components/ui/select';
import { Textarea } from '@/components/ui/textarea';
import type { MandateLimits } from '@/server/domain/mandate';
import { BUDGETS, LISTS } from './limits-text';

const HOURS: readonly [hours: number, words: string][] = [
  [1, 'One hour'],
  [4, 'Four hours'],
  [8, 'Eight hours'],
  [24, 'A day'],
  [168, 'A week'],
];

/** What a mandate names and how much of it, as a form; empty fields limit nothing. */
export function LimitsFields({
  limits,
  hours,
  problems,
}: {
  limits: MandateLimits;
  hours: number;
  problems: Readonly<Record<string, string>>;
}) {
  const hasHours = HOURS.some(([n]) => n === hours);
  return (
    <>
      <div className="grid gap-4 sm:grid-cols-2">
        {LISTS.map(({ key, label, hint }) => (
          <Field key={key} label={label} hint={hint} error={problems[key]}>
            {(control) => (
              <Textarea
                {...control}
                name={key}
                rows={2}
                spellCheck={false}
                defaultValue={limits[key]?.join('\n') ?? ''}
              />
            )}
          </Field>
        ))}
      </div>
      <fieldset>
        <legend className="mb-1.5 font-medium text-sm">At most, over the whole run</legend>
        <div className="grid grid-cols-2 gap-4 sm:grid-cols-4">
          {BUDGETS.map(({ key, label }) => (
            <Field key={key} label={label} error={problems[key]}>
              {(control) => (
                <Input
                  {...control}
                  name={key}
                  type="number"
                  inputMode="numeric"
                  min={0}
                  placeholder="any"
                  defaultValue={limits.budget?.[key] ?? ''}
                />
              )}
            </Field>
          ))}
        </div>
      </fieldset>
      <Field label="For" error={problems.hours} className="sm:max-w-60">
        {(control) => (
          <Select {...control} name="hours" defaultValue={String(hours)}>
            {hasHours ? null : <option value={hours}>{hours} hours</option>}
            {HOURS.map(([n, words]) => (
              <option key={n} value={n}>
                {words}
              </option>
            ))}
          </Select>
        )}
      </Field>
    </>
  );
}
