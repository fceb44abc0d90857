'use client';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Select } from '@/components/ui/select';
import { Textarea } from '@/components/ui/textarea';
import type { GrantPreview } from '@/server/domain/grant-views';
import { ShapeFacts } from './shape-facts';

const HOURS: readonly [hours: number, words: string][] = [
  [1, 'One hour'],
  [2, 'Two hours'],
  [8, 'Eight hours'],
  [24, 'A day'],
  [72, 'Three days'],
  [168, 'A week'],
];
const TIMES = 10;

/** Bounds of a grant; they begin at ten times what the action itself touched. */
export function GrantForm({
  preview,
  problems,
}: {
  preview: GrantPreview;
  problems: Readonly<Record<string, string>>;
}) {
  const { shape, cost } = preview;
  const bounds = [
    { name: 'uses', label: 'Times', min: 1, max: 1_000, value: TIMES },
    { name: 'rows', label: 'Rows in all', min: 1, max: 100_000, value: cost.rows * TIMES },
    { name: 'people', label: 'People in all', min: 0, max: 10_000, value: cost.people * TIMES },
  ] as const;
  return (
    <>
      <div className="rounded-lg border border-line bg-sunken px-4 py-3">
        <p className="mb-2 font-medium text-base">
          {preview.agent} may call <code>{preview.tool}</code> without asking again, if the call
        </p>
        <ShapeFacts shape={shape} />
        <details className="mt-3">
          <summary className="cursor-pointer text-soft text-sm">As a policy would say it</summary>
          <pre className="mt-2 whitespace-pre-wrap text-sm [overflow-wrap:anywhere]">{preview.text}</pre>
        </details>
      </div>
      <Field label="For" error={problems.hours}>
        {(control) => (
          <Select {...control} name="hours" defaultValue="2">
            {HOURS.map(([hours, words]) => (
              <option key={hours} value={hours}>
                {words}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <div className="grid gap-4 sm:grid-cols-3">
        {bounds.map(({ name, label, min, max, value }) => (
          <Field key={name} label={label} error={problems[name]}>
            {(control) => (
              <Input
                {...control}
                name={name}
                type="number"
                inputMode="numeric"
                min={min}
                max={max}
                required
                defaultValue={Math.min(max, value)}
              />
            )}
          </Field>
        ))}
      </div>
      <Field
        label="Why"
        hint="Everybody sees it under Grants, and it stays in the audit log."
        error={problems.reason}
      >
        {(control) => (
          <Textarea
            {...control}
            name="reason"
            rows={2}
            required
            maxLength={2000}
            placeholder="The correction of this month’s run, the same for each department"
          />
        )}
      </Field>
    </>
  );
}
