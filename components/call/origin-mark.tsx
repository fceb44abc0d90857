import {
  BookUser,
  CircleHelp,
  FileInput,
  MessageSquareText,
  ScrollText,
  ShieldQuestion,
  Target,
} from 'lucide-react';
import { Badge, type Tone } from '@/components/ui/badge';
import type { OriginFact } from '@/server/domain/origins';

const LOOK: Record<OriginFact['origin'], { word: string; icon: typeof Target; tone: Tone }> = {
  goal: { word: 'from the goal', icon: Target, tone: 'neutral' },
  mandate: { word: 'from the mandate', icon: ScrollText, tone: 'neutral' },
  directory: { word: 'in the directory', icon: BookUser, tone: 'neutral' },
  result: { word: 'from an earlier result', icon: FileInput, tone: 'neutral' },
  reason: { word: 'only in its own reason', icon: MessageSquareText, tone: 'caution' },
  nowhere: { word: 'from nowhere known', icon: CircleHelp, tone: 'caution' },
};

/** Where a value came from; a destination that came only from content nobody vouches for says so in the strongest way. */
export function OriginMark({ origin }: { origin: OriginFact }) {
  const { word, icon: Icon, tone } = LOOK[origin.origin];
  const Mark = origin.alarming ? ShieldQuestion : Icon;
  return (
    <span className="inline-flex flex-wrap items-center gap-x-2 gap-y-1">
      <Badge tone={origin.alarming ? 'danger' : tone} icon={<Mark aria-hidden />}>
        {origin.alarming ? 'only from untrusted content' : word}
      </Badge>
      <span className="text-faint text-sm">{origin.detail}</span>
    </span>
  );
}
