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

/** The three numbers: who would see it now, who of them must not, and who else could. */
export function AudienceFigures({ audience }: { audience: Audience }) {
  const whole = isWhole(audience);
  const ways = [...new Set(audience.unbounded.map(({ why, name }) => WAYS[why](name)))];
  const { lacking } = audience;
  return (
    <div className="space-y-3">
      <div className="grid gap-3 sm:grid-cols-3">
        <Figure
          icon={<Users aria-hidden />}
          count={whole ? countWords(audience.resolved) : `${countWords(audience.resolved)} or more`}
          label={whole ? 'would see it' : 'would see it; not everybody is known'}
          tone={whole ? 'plain' : 'hole'}
        />
        <Figure
          icon={
            lacking === null ? (
              <ShieldQuestion aria-hidden />
            ) : lacking > 0 ? (
              <ShieldAlert aria-hidden />
            ) : (
              <ShieldCheck aria-hidden />
            )
          }
          count={countWords(lacking)}
          label={
            lacking === null
              ? 'nobody knows what kind of data it is'
              : lacking === 0
                ? 'lack a clearance for it'
                : lacking === 1
                  ? 'has no clearance for it'
                  : 'have no clearance for it'
          }
          tone={lacking === null ? 'hole' : lacking > 0 ? 'danger' : 'good'}
        />
        <Figure
          icon={<Globe aria-hidden />}
          count={countWords(audience.external)}
          label="are not of the organisation"
          tone={audience.external > 0 ? 'danger' : 'plain'}
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
