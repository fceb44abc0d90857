import { Link } from '@/components/ui/link';
import { countWords } from '@/components/ui/number-words';
import { Table, Td, Th, Tr } from '@/components/ui/table';
import { spanWords } from '@/components/ui/time-words';
import type { ReviewerView } from '@/server/domain/home-views';

const share = (part: number, whole: number): string =>
  whole === 0 ? '' : `${Math.round((100 * part) / whole)} %`;
const span = (ms: number | null): string => (ms === null ? '' : spanWords(Math.round(ms / 1_000)));

/** How people decided in the last thirty days: an approval after two seconds counts for what it is. */
export function Reviewing({ reviewers }: { reviewers: readonly ReviewerView[] }) {
  if (reviewers.length === 0) {
    return (
      <p className="px-4 py-5 text-base text-soft sm:px-5">
        Nobody has decided anything in the last thirty days. Here you will see how long people look before
        they decide, how often they approve, and how much they reveal.
      </p>
    );
  }
  return (
    <>
      <Table aria-label="How people decided in the last thirty days">
        <thead>
          <tr>
            <Th>Person</Th>
            <Th className="text-right">Decisions</Th>
            <Th className="text-right">Approved</Th>
            <Th className="text-right">Looked for</Th>
            <Th className="text-right">Approved under 10 s</Th>
            <Th className="text-right">Overrode</Th>
            <Th className="text-right">Drills caught</Th>
            <Th className="text-right">Held until decided</Th>
            <Th className="text-right">Revealed</Th>
          </tr>
        </thead>
        <tbody className="tabular">
          {reviewers.map((person) => (
            <Tr key={person.personId}>
              <Td>
                <Link
                  href={`/people/${person.personId}`}
                  className="font-medium underline underline-offset-2"
                >
                  {person.name}
                </Link>
              </Td>
              <Td className="text-right">{countWords(person.decisions)}</Td>
              <Td className="text-right">{share(person.approved, person.decisions)}</Td>
              <Td className="text-right">{span(person.medianLookedMs)}</Td>
              <Td className="text-right">{person.looked === 0 ? '' : countWords(person.hasty)}</Td>
              <Td className="text-right">
                {person.warned === 0 ? '' : `${person.overrode} of ${person.warned}`}
              </Td>
              <Td className="text-right">
                {person.drills === 0 ? '' : `${person.caught} of ${person.drills}`}
              </Td>
              <Td className="text-right">{span(person.medianWaitMs)}</Td>
              <Td className="text-right">{countWords(person.reveals)}</Td>
            </Tr>
          ))}
        </tbody>
      </Table>
      <p className="border-line border-t px-4 py-3 text-faint text-sm sm:px-5">
        Last thirty days; times are medians. How long somebody looked is what their browser says. An override
        is an approval of what was called high or critical. Votes by a grant are not counted.
      </p>
    </>
  );
}
