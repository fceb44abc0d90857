import { Ban, CircleCheck, CircleHelp, Hand } from 'lucide-react';
import { Badge } from '@/components/ui/badge';
import { spanWords } from '@/components/ui/time-words';
import type { PolicyWords as Words } from '@/server/domain/policy-report';
import { reasonParts } from './fact-stand-ins';

const LOOK = {
  hold: { tone: 'hold', icon: <Hand aria-hidden />, word: 'Holds' },
  deny: { tone: 'danger', icon: <Ban aria-hidden />, word: 'Denies' },
  allow: { tone: 'good', icon: <CircleCheck aria-hidden />, word: 'Allows' },
} as const;

/** A reason with the facts that will be filled in set apart. */
function Because({ because }: { because: string }) {
  return reasonParts(because).map(({ text, isFact }, index) =>
    isFact ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: parts of one immutable sentence
      <em key={index} className="rounded-sm bg-sunken px-1 text-ink not-italic">
        {text}
      </em>
    ) : (
      text
    ),
  );
}

/** What a policy does and asks for, in its own words. */
export function PolicyWords({ words, disabled }: { words: Words | null; disabled?: boolean }) {
  if (words === null) {
    return (
      <Badge tone="danger" icon={<CircleHelp aria-hidden />}>
        Cannot be read yet
      </Badge>
    );
  }
  const look = LOOK[words.verdict];
  const { obligation } = words;
  return (
    <div className="min-w-0">
      <div className="flex flex-wrap items-center gap-2">
        <Badge tone={look.tone} icon={look.icon}>
          {look.word}
        </Badge>
        {disabled ? <Badge>Disabled</Badge> : null}
        <span className="font-medium text-base">{words.title}</span>
      </div>
      <p className="mt-1 text-base text-soft">
        <Because because={words.because} />
      </p>
      {obligation ? (
        <p className="mt-1 text-faint text-sm">
          {obligation.quorum === 1 ? 'One person' : `${obligation.quorum} people`}
          {obligation.reviewers.length > 0 ? ` of ${obligation.reviewers.join(' or ')}` : ''}, within{' '}
          {spanWords(obligation.expirySeconds)}
          {obligation.presence === 'passkey' ? ', with a passkey' : ''}
        </p>
      ) : null}
    </div>
  );
}
