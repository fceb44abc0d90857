import { ClassChips } from '@/components/ui/class-chip';
import { countWords } from '@/components/ui/number-words';
import type { BlastRadius } from '@/server/domain/blast-radius';
import type { Footprint } from '@/server/domain/footprint';
import { ringFigures } from './ring-figures';
import { RingTable } from './ring-table';
import { Rings } from './rings';

/** Drawing and table side by side, then what kinds of data, then why the level is what it is. */
export function BlastRadiusView({ footprint, radius }: { footprint: Footprint; radius: BlastRadius }) {
  const figures = ringFigures(footprint, radius);
  const direct = footprint.items.filter((item) => item.kind === 'relation' && item.via === undefined);
  const main = direct.find((item) => item.operation !== 'read') ?? direct[0];
  const label = figures
    .map((figure) => `${figure.label}: ${figure.count === null ? 'unknown' : countWords(figure.count)}`)
    .join('. ');
  return (
    <div>
      <div className="grid items-center gap-6 lg:grid-cols-[296px_1fr] lg:gap-14">
        <Rings figures={figures} operation={main?.operation ?? 'execute'} label={`Blast radius. ${label}.`} />
        <RingTable figures={figures} />
      </div>
      <div className="mt-5 flex flex-wrap items-baseline gap-x-8 gap-y-4 border-line border-t pt-4">
        <div className="flex flex-wrap items-center gap-2.5">
          <span className="text-faint text-sm">Kinds of data</span>
          <ClassChips names={radius.classes} none="None that anyone declared" />
        </div>
        {radius.because.length > 0 ? (
          <div className="flex min-w-0 flex-wrap items-baseline gap-x-2.5 text-base">
            <span className="text-faint text-sm">Level because</span>
            <span className="text-soft">{radius.because.join(' · ')}</span>
          </div>
        ) : null}
      </div>
    </div>
  );
}
