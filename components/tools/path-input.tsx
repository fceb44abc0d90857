import { useId } from 'react';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import type { SchemaPath } from '@/server/domain/schema-paths';

/** A path into the arguments, with those of the input schema to choose from. */
export function PathInput({
  label,
  value,
  paths,
  error,
  hint,
  onChange,
}: {
  label: string;
  value: string;
  paths: readonly SchemaPath[];
  error?: string | null;
  hint?: string;
  onChange: (value: string) => void;
}) {
  const list = useId();
  return (
    <Field label={label} error={error} hint={hint}>
      {(control) => (
        <>
          <Input
            {...control}
            list={list}
            value={value}
            placeholder="$.…"
            maxLength={500}
            spellCheck={false}
            autoCapitalize="none"
            className="font-mono text-sm"
            onChange={(event) => onChange(event.target.value)}
          />
          <datalist id={list}>
            {paths.map(({ path, type, description }) => (
              <option key={path} value={path}>
                {description ? `${type}: ${description}` : type}
              </option>
            ))}
          </datalist>
        </>
      )}
    </Field>
  );
}
