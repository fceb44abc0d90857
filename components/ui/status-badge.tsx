import {
  Ban,
  CircleCheck,
  CircleDashed,
  CircleHelp,
  CirclePlay,
  CircleX,
  CornerUpLeft,
  Hand,
  type LucideIcon,
  OctagonX,
  ThumbsDown,
  TimerOff,
  Undo2,
  Unlock,
} from 'lucide-react';
import type { Status } from '@/server/domain/status';
import { Badge, type Tone } from './badge';

const LOOK: Record<Status, { word: string; icon: LucideIcon; tone: Tone }> = {
  submitted: { word: 'Submitted', icon: CircleDashed, tone: 'neutral' },
  measuring: { word: 'Measuring', icon: CircleDashed, tone: 'neutral' },
  held: { word: 'Held', icon: Hand, tone: 'hold' },
  released: { word: 'Released', icon: Unlock, tone: 'notice' },
  executing: { word: 'Executing', icon: CirclePlay, tone: 'notice' },
  succeeded: { word: 'Done', icon: CircleCheck, tone: 'good' },
  failed: { word: 'Failed', icon: CircleX, tone: 'danger' },
  unknown_outcome: { word: 'Outcome unknown', icon: CircleHelp, tone: 'danger' },
  denied: { word: 'Denied by policy', icon: Ban, tone: 'danger' },
  rejected: { word: 'Rejected', icon: ThumbsDown, tone: 'danger' },
  sent_back: { word: 'Sent back', icon: CornerUpLeft, tone: 'caution' },
  expired: { word: 'Expired', icon: TimerOff, tone: 'neutral' },
  cancelled: { word: 'Withdrawn', icon: Undo2, tone: 'neutral' },
  revoked: { word: 'Revoked', icon: OctagonX, tone: 'danger' },
};

export function StatusBadge({ status, className }: { status: Status; className?: string }) {
  const { word, icon: Icon, tone } = LOOK[status];
  return (
    <Badge tone={tone} icon={<Icon aria-hidden />} {...(className ? { className } : {})}>
      {word}
    </Badge>
  );
}
