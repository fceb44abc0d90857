import { CornerDownRight } from 'lucide-react';
import { InertText } from '@/components/agent-words/inert-text';
import { Badge, type Tone } from '@/components/ui/badge';
import { ClassChips } from '@/components/ui/class-chip';
import { countWords } from '@/components/ui/number-words';
import { ProvenanceMark } from '@/components/ui/provenance-mark';
import { Table, Td, Th, Tr } from '@/components/ui/table';
import type { FootprintItem } from '@/server/domain/footprint';

const TONES: Partial<Record<FootprintItem['operation'], Tone>> = {
  delete: 'danger',
  truncate: 'danger',
  define: 'danger',
  update: 'caution',
  insert: 'good',
};

export const OperationBadge = ({ operation }: { operation: FootprintItem['operation'] }) => (
  <Badge tone={TONES[operation] ?? 'neutral'}>{operation}</Badge>
);

/** Money is counted in minor units and read as an amount. */
function Count({ item }: { item: FootprintItem }) {
  if (item.count === null) return <span className="text-hold-text">unknown</span>;
  return item.kind === 'money' ? <InertText text={item.resource} /> : countWords(item.count);
}

function Subjects({ item }: { item: FootprintItem }) {
  if (item.subjects === undefined) return <span className="text-faint">none</span>;
  return item.subjects === null ? <span className="text-hold-text">unknown</span> : countWords(item.subjects);
}

/** Every item of the footprint: what, how, how many, how known, what kind of data, whose, and through what. */
export function FootprintItems({ items }: { items: FootprintItem[] }) {
  if (items.length === 0) {
    return (
      <p className="hatched px-5 py-8 text-soft">
        Nothing could be listed. That does not mean it touches nothing.
      </p>
    );
  }
  return (
    <Table aria-label="Everything it touches" className="min-w-[44rem]">
      <thead>
        <tr>
          <Th>What</Th>
          <Th>Operation</Th>
          <Th className="text-right">Count</Th>
          <Th>Known how</Th>
          <Th>Kinds of data</Th>
          <Th className="text-right">People</Th>
        </tr>
      </thead>
      <tbody>
        {items.map((item) => (
          <Tr key={`${item.kind}/${item.resource}/${item.operation}/${item.via ?? ''}`}>
            <Td>
              <code className="break-words text-sm">
                <InertText text={item.resource} />
              </code>
              {item.kind === 'relation' ? null : <span className="ml-2 text-faint text-sm">{item.kind}</span>}
              {item.via ? (
                <span className="mt-0.5 flex items-start gap-1 text-faint text-sm">
                  <CornerDownRight aria-hidden className="mt-0.5 size-3.5 shrink-0" />
                  <span>
                    through <InertText text={item.via} />
                  </span>
                </span>
              ) : null}
              {item.note ? <span className="mt-0.5 block text-hold-text text-sm">{item.note}</span> : null}
            </Td>
            <Td>
              <OperationBadge operation={item.operation} />
              {item.reversible === false ? (
                <span className="mt-1 block text-danger-text text-xs">cannot be undone</span>
              ) : null}
            </Td>
            <Td className="tabular text-right font-medium">
              <Count item={item} />
            </Td>
            <Td>
              <ProvenanceMark provenance={item.provenance} className="mt-0.5" />
            </Td>
            <Td>
              <ClassChips names={item.classes ?? []} none="none declared" />
            </Td>
            <Td className="tabular text-right">
              <Subjects item={item} />
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}
