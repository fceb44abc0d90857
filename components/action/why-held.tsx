import { Ban, CircleCheck, Hand } from 'lucide-react';
import { Callout } from '@/components/ui/callout';
import { cn } from '@/components/ui/cn';
import { spanWords } from '@/components/ui/time-words';
import type { MatchedRule } from '@/server/domain/verdict';
import type { ActionDetail } from '@/server/domain/views';

const LOOK = {
  hold: { icon: Hand, word: 'holds', text: 'text-hold-text' },
  deny: { icon: Ban, word: 'denies', text: 'text-danger-text' },
  allow: { icon: CircleCheck, word: 'allows', text: 'text-good-text' },
} as const;

function Rule({ rule }: { rule: MatchedRule }) {
  const { icon: Icon, word, text } = LOOK[rule.verdict];
  return (
    <li className="flex gap-3 py-2.5 first:pt-0 last:pb-0">
      <Icon aria-label={word} className={cn('mt-0.5 size-4.5 shrink-0', text)} />
      <div className="min-w-0">
        <p className="font-medium text-base">{rule.title}</p>
        <p className="text-base text-soft">{rule.because}</p>
      </div>
      <code className="ml-auto hidden shrink-0 text-faint text-xs sm:block">{rule.id}</code>
    </li>
  );
}

const people = (count: number): string => (count === 1 ? 'One person' : `${count} different people`);

function Obligation({ hold, owner }: { hold: NonNullable<ActionDetail['hold']>; owner: string }) {
  const who =
    hold.reviewers.length > 0 ? `from ${hold.reviewers.join(' or ')}` : 'from the reviewers of the workspace';
  const missing = hold.needed - hold.eligible.length;
  return (
    <div className="rounded-lg border border-line bg-sunken px-4 py-3 text-base">
      {missing > 0 ? (
        <Callout tone="danger" title="Too few people could decide this" className="mb-3">
          It needs {hold.needed} and {hold.eligible.length === 0 ? 'nobody' : `only ${hold.eligible.length}`}{' '}
          may. Owners and security leads were told: adding somebody to{' '}
          {hold.reviewers.length > 0 ? hold.reviewers.join(' or ') : 'the reviewers'} helps at once.
        </Callout>
      ) : null}
      <p>
        <strong className="font-semibold">
          {people(hold.needed)} {who}
        </strong>{' '}
        must approve within {spanWords(hold.expirySeconds)}
        {hold.presence === 'passkey' ? ', each with a passkey' : ''}. Without that it expires and does not
        run.
      </p>
      <p className="mt-1 text-soft text-sm">
        {hold.eligible.length > 0
          ? `Can decide: ${hold.eligible.join(', ')}.`
          : 'Nobody in the workspace can decide this now.'}{' '}
        {owner} owns the agent and cannot.
      </p>
    </div>
  );
}

/** The rules that matched, in words, and exactly what they ask for. */
export function WhyHeld({ action }: { action: ActionDetail }) {
  return (
    <div className="space-y-4">
      {action.rules.length > 0 ? (
        <ul className="divide-y divide-line">
          {action.rules.map((rule) => (
            <Rule key={rule.id} rule={rule} />
          ))}
        </ul>
      ) : (
        <p className="text-soft">No rule matched, and what no rule allows is held.</p>
      )}
      {action.hold ? <Obligation hold={action.hold} owner={action.owner.name} /> : null}
    </div>
  );
}
