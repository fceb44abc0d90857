'use client';
import { useVirtualizer } from '@tanstack/react-virtual';
import { Bot, ShieldAlert, ShieldCheck, UserRound, UserRoundX } from 'lucide-react';
import { useRef } from 'react';
import { InertText } from '@/components/agent-words/inert-text';
import { Badge } from '@/components/ui/badge';
import type { AudienceMember } from '@/server/domain/audience';

const ROW_HEIGHT = 60;

const KINDS = {
  person: { icon: UserRound, word: null },
  guest: { icon: UserRoundX, word: 'guest' },
  agent: { icon: Bot, word: 'agent' },
  external: { icon: UserRoundX, word: 'outside' },
} as const;

function Clearance({ member, known }: { member: AudienceMember; known: boolean }) {
  if (member.lacks.length > 0) {
    return (
      <Badge tone="danger" icon={<ShieldAlert aria-hidden />} className="max-w-full overflow-hidden">
        <span className="truncate">no {member.lacks.join(', ')}</span>
      </Badge>
    );
  }
  return known ? (
    <span className="inline-flex items-center gap-1 text-good-text text-sm">
      <ShieldCheck aria-hidden className="size-4" /> cleared
    </span>
  ) : (
    <span className="text-hold-text text-sm">not known</span>
  );
}

function Member({ member, known }: { member: AudienceMember; known: boolean }) {
  const { icon: Icon, word } = KINDS[member.kind];
  return (
    <>
      <Icon aria-hidden className="size-4.5 shrink-0 text-faint" />
      <span className="min-w-0 flex-1">
        <span className="flex min-w-0 items-center gap-2">
          <span className="truncate font-medium text-base" title={member.name}>
            <InertText text={member.name} />
          </span>
          {word ? <Badge tone={word === 'agent' ? 'neutral' : 'caution'}>{word}</Badge> : null}
        </span>
        <span className="block truncate text-soft text-sm" title={member.via.join(' → ')}>
          {member.via.length === 0 ? 'named in the call' : `through ${member.via.join(' → ')}`}
        </span>
      </span>
      <span className="flex max-w-[45%] shrink-0 justify-end">
        <Clearance member={member} known={known} />
      </span>
    </>
  );
}

/** Everybody who would see it, drawn only where one looks: five thousand scroll like ten. */
export function AudienceList({ members, known }: { members: AudienceMember[]; known: boolean }) {
  const box = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: members.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 8,
  });
  return (
    // biome-ignore lint/a11y/useSemanticElements: a box that scrolls, around a list
    <div
      ref={box}
      role="region"
      aria-label="One by one, with the way they are reached"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
      tabIndex={0}
      className="max-h-[24rem] overflow-auto overscroll-contain border-line border-t focus-visible:-outline-offset-2"
    >
      <ul className="relative" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => {
          const member = members[item.index];
          return member ? (
            <li
              key={member.id}
              aria-setsize={members.length}
              aria-posinset={item.index + 1}
              className="absolute inset-x-0 flex items-center gap-3 border-line border-b px-4 sm:px-5"
              style={{ height: ROW_HEIGHT, transform: `translateY(${item.start}px)` }}
            >
              <Member member={member} known={known} />
            </li>
          ) : null;
        })}
      </ul>
    </div>
  );
}
