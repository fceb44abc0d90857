import { Checkbox } from '@/components/ui/checkbox';
import { Link } from '@/components/ui/link';
import { counted } from '@/components/ui/number-words';

/** Offers to give the same answer to low holds that are the same in everything shown here. Never chosen beforehand. */
export function IdenticalHolds({
  others,
  together,
  onChange,
}: {
  others: readonly string[];
  together: boolean;
  onChange: (together: boolean) => void;
}) {
  const [first] = others;
  if (first === undefined) return null;
  const more = counted(others.length, 'more hold is', 'more holds are');
  return (
    <div className="mb-3 flex flex-wrap items-center gap-x-3 gap-y-1 border-line border-b pb-3 text-base">
      <Checkbox
        checked={together}
        onChange={(event) => onChange(event.target.checked)}
        label={`${more} identical: the same call for the same reason, touching exactly the same. Decide ${others.length === 1 ? 'it' : 'them'} together with this one.`}
      />
      <Link href={`/actions/${first}`} className="text-sm text-soft underline underline-offset-2">
        {others.length === 1 ? 'See it' : 'See the next one'}
      </Link>
    </div>
  );
}
