'use client';
import { errorWords } from '@/components/api/error-words';
import { Callout } from '@/components/ui/callout';
import { Card } from '@/components/ui/card';
import { Field } from '@/components/ui/field';
import { Select } from '@/components/ui/select';
import { Textarea } from '@/components/ui/textarea';
import type { ArgumentSample } from '@/server/domain/tool-views';
import { SampleResult } from './sample-result';
import type { usePreview } from './use-preview';

export type SampleText = { text: string; args: Record<string, unknown> | null; fault: string | null };

/** Reads arguments as they are typed. */
export function readSample(text: string): SampleText {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = value !== null && typeof value === 'object' && !Array.isArray(value);
    return isObject
      ? { text, args: value as Record<string, unknown>, fault: null }
      : { text, args: null, fault: 'Arguments are an object: { … }.' };
  } catch {
    return { text, args: null, fault: 'This is not JSON yet.' };
  }
}

/** Arguments to try the map with, and what it makes of them as it is right now. */
export function SamplePanel({
  samples,
  sample,
  preview,
  onSample,
}: {
  samples: readonly ArgumentSample[];
  sample: SampleText | null;
  preview: ReturnType<typeof usePreview>;
  onSample: (sample: SampleText | null) => void;
}) {
  const made = JSON.stringify(preview.data?.sample ?? {}, null, 2);
  const unfit = preview.data?.unfit ?? [];
  return (
    <Card id="sample" title="Try it on sample arguments">
      <div className="space-y-4">
        {samples.length > 1 ? (
          <Field label="Sample">
            {(control) => (
              <Select
                {...control}
                defaultValue="0"
                onChange={(event) => {
                  const chosen = samples[Number(event.target.value)];
                  onSample(chosen ? readSample(JSON.stringify(chosen.args, null, 2)) : null);
                }}
              >
                {samples.map(({ label }, index) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: two actions of one minute have one label
                  <option key={index} value={index}>
                    {label}
                  </option>
                ))}
              </Select>
            )}
          </Field>
        ) : null}
        <Field
          label="Arguments"
          error={sample?.fault ?? (unfit[0] ? `${unfit[0].pointer || '/'} ${unfit[0].message}` : null)}
        >
          {(control) => (
            <Textarea
              {...control}
              rows={8}
              spellCheck={false}
              className="font-mono text-sm leading-6"
              value={sample?.text ?? made}
              onChange={(event) => onSample(readSample(event.target.value))}
            />
          )}
        </Field>
        {preview.error ? (
          <Callout tone="danger" role="alert">
            {errorWords(preview.error)}
          </Callout>
        ) : null}
        {preview.data?.result ? (
          <SampleResult result={preview.data.result} />
        ) : (
          <p className="text-base text-soft">The outcome stands here as soon as the definition is valid.</p>
        )}
      </div>
    </Card>
  );
}
