import { InertText } from '@/components/agent-words/inert-text';
import { OperationBadge } from '@/components/footprint/footprint-items';
import { ClassChips } from '@/components/ui/class-chip';
import { counted, countWords } from '@/components/ui/number-words';
import { Table, Td, Th, Tr } from '@/components/ui/table';
import type { RunDetail, RunTouched as Touched } from '@/server/domain/run-views';

function Count({ touched }: { touched: Touched }) {
  if (touched.uncounted === 0) return countWords(touched.count);
  return (
    <span className="text-hold-text">
      {touched.count === 0 ? 'unknown' : `more than ${countWords(touched.count)}`}
    </span>
  );
}

function people(run: RunDetail): string {
  if (run.people === null) return 'How many people that is about is not known for every step.';
  if (run.people === 0) return 'None of it is about a person.';
  return `About ${counted(run.people, 'person', 'people')} at most: somebody in two steps is counted twice.`;
}

/** What the executed steps read and changed, added up. Held, denied and rejected steps did nothing and are not in it. */
export function RunTouched({ run }: { run: RunDetail }) {
  if (run.touched.length === 0) {
    return <p className="px-4 py-6 text-soft sm:px-5">Nothing so far: no step has been executed.</p>;
  }
  return (
    <>
      <Table aria-label="What it read and changed in total" className="min-w-[38rem]">
        <thead>
          <tr>
            <Th>What</Th>
            <Th>Operation</Th>
            <Th className="text-right">In total</Th>
            <Th className="text-right">In steps</Th>
            <Th>Kinds of data</Th>
          </tr>
        </thead>
        <tbody>
          {run.touched.map((touched) => (
            <Tr key={`${touched.resource}/${touched.operation}`}>
              <Td>
                <code className="break-words text-sm">
                  <InertText text={touched.resource} />
                </code>
              </Td>
              <Td>
                <OperationBadge operation={touched.operation} />
              </Td>
              <Td className="tabular text-right font-medium">
                <Count touched={touched} />
                {touched.measured ? null : <span className="block text-faint text-xs">not all measured</span>}
              </Td>
              <Td className="tabular text-right">{countWords(touched.steps)}</Td>
              <Td>
                <ClassChips names={touched.classes} none="none declared" />
              </Td>
            </Tr>
          ))}
        </tbody>
      </Table>
      <p className="border-line border-t px-4 py-3 text-soft text-sm sm:px-5">
        {people(run)}
        {run.steps >= run.cap ? ` Added up over the latest ${countWords(run.cap)} steps.` : ''}
      </p>
    </>
  );
}
