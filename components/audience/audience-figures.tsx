import { Globe, ShieldAlert, ShieldCheck, ShieldQuestion, Users } from 'lucide-react';
import type { ReactNode } from 'react';
import { cn } from '@/components/ui/cn';
import { countWords } from '@/components/ui/number-words';
import type { Audience } from '@/server/domain/audience';

function Figure({
  icon,
  count,
  label,
  tone,
}: {
  icon: ReactNode;
  count: string;
  label: string;
  tone: 'plain' | 'danger' | 'good' | 'hole';
}) {
  return (
    <div
      className={cn(
        'flex min-w-0 items-start gap-3 rounded-lg border px-4 py-3 [&_svg]:mt-1 [&_svg]:size-5 [&_svg]:shrink-0',
        tone === 'plain' && 'border-line',
        tone === 'danger' && 'border-danger-line border-l-4 bg-danger-tint [&_svg]:text-danger-text',
        tone === 'good' && 'border-line [&_svg]:text-good-text',
        tone === 'hole' && 'hatched border-hold-line border-dashed [&_svg]:text-hold-text',
      )}
    >
      {icon}
      <div className="min-w-0">
        <p className="tabular font-semibold text-2xl leading-tight">{count}</p>
        <p className="text-base text-soft">{label}</p>
      </div>
    </div>
  );
}

const WAYS: Record<Audience['unbounded'][number]['why'], (name: string) => string> = {
  anyone: () => 'Anyone who has the link',
  joinable: (name) => `Whoever joins ${name}: it is open`,
  external_list: (name) => `Whoever is on the outside list ${name}`,
  future_members: (name) => `Whoever comes to ${name} later`,
};

/** How many people would see it for certain: null when a recipient or part of a list is not known. */
const isWhole = (audience: Audience): boolean =>
  !audience.truncated && audience.recipients.every((r) => r.count !== null || r.resolved === 'anyone');

function Lacking({ lacking, whole }: { lacking: number | null; whole: boolean }) {
  if (lacking === null) {
    const label = 'nobody knows what kind of data it is';
    return <Figure icon={<ShieldQuestion aria-hidden />} count="?" label={label} tone="hole" />;
  }
  const count = orMore(lacking, whole);
  const label = lacking === 1 && whole ? 'has no clearance for it' : 'have no clearance for it';
  if (lacking > 0) {
    return <Figure icon={<ShieldAlert aria-hidden />} count={count} label={label} tone="danger" />;
  }
  return whole ? (
    <Figure icon={<ShieldCheck aria-hidden />} count="0" label="lack a clearance for it" tone="good" />
  ) : (
    <Figure icon={<ShieldQuestion aria-hidden />} count={count} label={label} tone="hole" />
  );
}

/** A number that somebody may be missing from is a lower bound. */
const orMore = (count: number, whole: boolean): string =>
  whole ? countWords(count) : `${countWords(count)} or more`;

/** The three numbers: who would see it now, who of them must not, and who else could. */
export function AudienceFigures({ audience }: { audience: Audience }) {
  const whole = isWhole(audience);
  const ways = [...new Set(audience.unbounded.map(({ why, name }) => WAYS[why](name)))];
  const { external } = audience;
  return (
    <div className="space-y-3">
      <div className="grid gap-3 sm:grid-cols-3">
        <Figure
          icon={<Users aria-hidden />}
          count={orMore(audience.resolved, whole)}
          label={whole ? 'would see it' : 'would see it; not everybody is known'}
          tone={whole ? 'plain' : 'hole'}
        />
        <Lacking lacking={audience.lacking} whole={whole} />
        <Figure
          icon={<Globe aria-hidden />}
          count={orMore(external, whole)}
          label="are not of the organisation"
          tone={external > 0 ? 'danger' : whole ? 'plain' : 'hole'}
        />
      </div>
      {ways.length > 0 ? (
        <div className="rounded-lg border border-hold-line bg-hold-tint px-4 py-3 text-base">
          <p className="font-semibold">Others could come to see it later, without bound</p>
          <ul className="mt-1 list-disc pl-5 [overflow-wrap:anywhere]">
            {ways.map((way) => (
              <li key={way}>{way}</li>
            ))}
          </ul>
        </div>
      ) : null}
    </div>
  );
}
