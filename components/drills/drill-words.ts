import type { Tone } from '@/components/ui/badge';
import type { DrillAnswer, DrillOutcome } from '@/server/domain/drill-views';

/** What became of a drill, as a badge and in a sentence. */
export const OUTCOMES: Record<DrillOutcome, { word: string; tone: Tone; says: string }> = {
  waiting: { word: 'waiting', tone: 'caution', says: 'Somebody still has to decide it.' },
  denied: { word: 'denied by policy', tone: 'good', says: 'Policy stopped it by itself: nobody was asked.' },
  let_through: {
    word: 'let through',
    tone: 'danger',
    says: 'Policy would have let it run: no reviewer would have seen it. Write a policy that holds it.',
  },
  caught: { word: 'caught', tone: 'good', says: 'It was refused.' },
  missed: { word: 'missed', tone: 'danger', says: 'It was approved by as many as it needed.' },
  undecided: { word: 'not decided', tone: 'caution', says: 'Nobody decided in time.' },
};

export const ANSWERS: Record<DrillAnswer['decision'], string> = {
  approve: 'approved it',
  reject: 'rejected it',
  send_back: 'sent it back',
};
