'use client';
import { Search, X } from 'lucide-react';
import type { RefObject } from 'react';
import { Button } from '@/components/ui/button';
import { Input } from '@/components/ui/input';
import { Kbd } from '@/components/ui/kbd';
import { Select } from '@/components/ui/select';
import { LEVELS } from '@/server/domain/vocabulary';
import type { InboxFilters } from './inbox-filters';

/** Search, level and agent; each lives in the URL. */
export function InboxToolbar({
  filters,
  agents,
  search,
  onChange,
}: {
  filters: InboxFilters;
  agents: { id: string; name: string }[];
  search: RefObject<HTMLInputElement | null>;
  onChange: (change: Partial<InboxFilters>) => void;
}) {
  const filtered = filters.level !== null || filters.agent !== null || filters.q !== '';
  return (
    <div className="flex flex-wrap items-center gap-2 border-line border-b px-4 py-2.5 sm:px-5">
      <div className="relative min-w-0 flex-1 basis-52">
        <Search
          aria-hidden
          className="pointer-events-none absolute top-1/2 left-2.5 size-4 -translate-y-1/2 text-faint"
        />
        <Input
          ref={search}
          type="search"
          aria-label="Search holds"
          placeholder="Search sentence, tool or id"
          value={filters.q}
          onChange={(event) => onChange({ q: event.target.value })}
          className="border-transparent bg-transparent pr-9 pl-8.5 hover:bg-hover"
        />
        <Kbd className="pointer-events-none absolute top-1/2 right-2 -translate-y-1/2 max-sm:hidden">/</Kbd>
      </div>
      <div className="w-36">
        <Select
          aria-label="Level"
          value={filters.level ?? ''}
          onChange={(event) =>
            onChange({ level: LEVELS.find((level) => level === event.target.value) ?? null })
          }
        >
          <option value="">Any level</option>
          {LEVELS.map((level) => (
            <option key={level} value={level}>
              {level[0]?.toUpperCase()}
              {level.slice(1)}
            </option>
          ))}
        </Select>
      </div>
      <div className="w-40">
        <Select
          aria-label="Agent"
          value={filters.agent ?? ''}
          onChange={(event) => onChange({ agent: event.target.value || null })}
        >
          <option value="">Any agent</option>
          {agents.map((agent) => (
            <option key={agent.id} value={agent.id}>
              {agent.name}
            </option>
          ))}
        </Select>
      </div>
      {filtered ? (
        <Button variant="ghost" size="sm" onClick={() => onChange({ level: null, agent: null, q: '' })}>
          <X /> Clear
        </Button>
      ) : null}
    </div>
  );
}
