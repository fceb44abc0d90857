'use client';
import { type ReactNode, useState } from 'react';
import { Card } from '@/components/ui/card';
import { cn } from '@/components/ui/cn';
import { countWords } from '@/components/ui/number-words';
import { RelativeTime } from '@/components/ui/relative-time';
import type { Audience, AudienceMember } from '@/server/domain/audience';
import { AudienceFigures } from './audience-figures';
import { AudienceList } from './audience-list';
import { AudienceRecipients } from './audience-recipients';

const FILTERS: { id: string; label: string; fits(member: AudienceMember): boolean }[] = [
  { id: 'all', label: 'Everybody', fits: () => true },
  { id: 'lacking', label: 'Without clearance', fits: (m) => m.lacks.length > 0 },
  { id: 'outside', label: 'Outside', fits: (m) => m.kind === 'external' || m.kind === 'guest' },
];

function FilterButton({
  chosen,
  onClick,
  children,
}: {
  chosen: boolean;
  onClick: () => void;
  children: ReactNode;
}) {
  return (
    <button
      type="button"
      aria-pressed={chosen}
      onClick={onClick}
      className={cn(
        'min-h-8 rounded-md border px-2.5 text-sm',
        chosen ? 'border-ink bg-selected font-medium text-ink' : 'border-line text-soft hover:bg-hover',
      )}
    >
      {children}
    </button>
  );
}

function Members({ audience }: { audience: Audience }) {
  const { members } = audience;
  const [chosen, setChosen] = useState('all');
  const offered = FILTERS.map((filter) => ({ ...filter, count: members.filter(filter.fits).length })).filter(
    ({ id, count }) => id === 'all' || count > 0,
  );
  const shown = members.filter(FILTERS.find((filter) => filter.id === chosen)?.fits ?? (() => true));
  return (
    <>
      <div className="flex flex-wrap gap-2 px-4 pb-3 sm:px-5">
        {offered.map(({ id, label, count }) => (
          <FilterButton key={id} chosen={chosen === id} onClick={() => setChosen(id)}>
            {label} <span className="tabular">{countWords(count)}</span>
          </FilterButton>
        ))}
      </div>
      <AudienceList members={shown} known={audience.lacking !== null} />
      {audience.truncated ? (
        <p className="border-line border-t px-4 py-3 text-hold-text text-sm sm:px-5">
          The list is cut short: those without clearance and from outside stand first, and not everybody is in
          it.
        </p>
      ) : null}
    </>
  );
}

/** Who would come to know, frozen when it was measured: the numbers, what the call names, and everybody with the way they are reached. */
export function AudienceCard({ audience }: { audience: Audience }) {
  return (
    <Card
      id="audience"
      title="Who would see it"
      flush
      aside={
        <span className="text-faint text-sm">
          {audience.syncedAt === null ? (
            'by the directory kept here by hand'
          ) : (
            <>
              by the directory as synchronised <RelativeTime at={audience.syncedAt} focusable />
            </>
          )}
        </span>
      }
    >
      <div className="space-y-5 px-4 py-4 sm:px-5">
        <AudienceFigures audience={audience} />
        <AudienceRecipients recipients={audience.recipients} />
      </div>
      {audience.members.length > 0 ? <Members audience={audience} /> : null}
    </Card>
  );
}
