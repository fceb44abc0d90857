import { cn } from '@/components/ui/cn';
import { countWords } from '@/components/ui/number-words';
import { ProvenanceMark } from '@/components/ui/provenance-mark';
import { ClassSwatch } from './class-pattern';
import type { RingFigure } from './ring-figures';

function Count({ figure }: { figure: RingFigure }) {
  const hole = figure.count === null;
  const words = hole && figure.atLeast !== null ? `${countWords(figure.atLeast)}+` : countWords(figure.count);
  return (
    <span
      className={cn(
        'tabular whitespace-nowrap font-semibold text-2xl leading-none tracking-tight',
        hole && 'rounded-md border-2 border-hold-line border-dashed px-2 py-0.5 text-hold-text',
        figure.count === 0 && 'font-normal text-faint',
      )}
    >
      {figure.provenance === 'estimated' ? <span className="font-normal text-faint">≈</span> : null}
      {words}
      {hole ? <span className="sr-only"> (could not be counted)</span> : null}
    </span>
  );
}

/** The numbers of the drawing, one row per ring from the inside out. */
export function RingTable({ figures }: { figures: RingFigure[] }) {
  return (
    <table className="w-full border-collapse text-left">
      <caption className="sr-only">Blast radius in numbers</caption>
      <thead className="sr-only">
        <tr>
          <th scope="col">How many</th>
          <th scope="col">What</th>
          <th scope="col" className="max-lg:hidden">
            Known how
          </th>
        </tr>
      </thead>
      <tbody>
        {figures.map((figure) => (
          <tr key={figure.id} className="border-line border-b last:border-b-0 lg:h-[74px]">
            <td className="min-w-24 py-3 pr-5 align-middle">
              <span className="block min-w-16">
                <Count figure={figure} />
              </span>
              <ProvenanceMark provenance={figure.provenance} className="mt-1.5 lg:hidden" />
            </td>
            <th scope="row" className="w-full py-3 font-normal align-middle">
              <span className="flex flex-wrap items-center gap-x-2 gap-y-1 font-medium text-base">
                {figure.label}
                <span className="flex gap-0.5">
                  {[...new Set(figure.segments.map((s) => s.classification))].map((name) => (
                    <ClassSwatch key={name} name={name} />
                  ))}
                </span>
              </span>
              <span className="mt-0.5 block text-soft text-sm first-letter:uppercase">{figure.detail}</span>
            </th>
            <td className="pl-2 text-right align-middle max-lg:hidden">
              <ProvenanceMark provenance={figure.provenance} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
