import { ClassChip } from '@/components/ui/class-chip';
import { classLook } from '@/components/ui/class-look';
import { CLASSIFICATIONS, type Classification } from '@/server/domain/vocabulary';

/** Which kinds of data somebody may see: one box per class, in words. Classes of the workspace's own keep their box. */
export function ClearancePicker({
  legend,
  hint,
  value,
  open,
  onChange,
}: {
  legend: string;
  hint?: string;
  value: readonly Classification[];
  /** Classes everybody of this kind may see anyway. */
  open: ReadonlySet<Classification>;
  onChange: (value: Classification[]) => void;
}) {
  const own = value.filter((name) => !(CLASSIFICATIONS as readonly string[]).includes(name));
  const toggle = (name: Classification) =>
    onChange(value.includes(name) ? value.filter((each) => each !== name) : [...value, name]);
  return (
    <fieldset>
      <legend className="font-medium text-sm">{legend}</legend>
      {hint ? <p className="mt-0.5 text-faint text-sm">{hint}</p> : null}
      <div className="mt-2 divide-y divide-line rounded-md border border-line">
        {[...CLASSIFICATIONS, ...own].map((name) => (
          <label
            key={name}
            className="flex min-h-10 cursor-pointer items-center gap-3 px-3 py-1.5 hover:bg-hover"
          >
            <input
              type="checkbox"
              checked={open.has(name) || value.includes(name)}
              disabled={open.has(name)}
              onChange={() => toggle(name)}
              className="size-4.5 shrink-0 accent-ink"
            />
            <ClassChip name={name} />
            <span className="min-w-0 text-faint text-sm">
              {open.has(name) ? 'Open to everybody here' : classLook(name).means}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
