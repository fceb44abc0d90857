import { Repeat } from 'lucide-react';
import { InertText } from '@/components/agent-words/inert-text';
import { ReasonDialog } from '@/components/apply/reason-dialog';
import { Badge, type Tone } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { Link } from '@/components/ui/link';
import { countWords } from '@/components/ui/number-words';
import { RelativeTime } from '@/components/ui/relative-time';
import type { GrantView } from '@/server/domain/grant-views';
import { ShapeFacts } from './shape-facts';

const STATES: Record<GrantView['state'], { word: string; tone: Tone }> = {
  live: { word: 'in force', tone: 'notice' },
  used_up: { word: 'used up', tone: 'neutral' },
  expired: { word: 'over', tone: 'neutral' },
  revoked: { word: 'taken back', tone: 'neutral' },
};

const BOUNDS = [
  { key: 'uses', label: 'times' },
  { key: 'rows', label: 'rows' },
  { key: 'people', label: 'people' },
] as const;

function Meter({ used, of, label }: { used: number; of: number; label: string }) {
  const share = of === 0 ? 1 : Math.min(1, used / of);
  return (
    <div className="min-w-0 flex-1">
      <p className="tabular text-sm">
        <span className="font-medium">{countWords(used)}</span>{' '}
        <span className="text-faint">
          of {countWords(of)} {label}
        </span>
      </p>
      <div aria-hidden className="mt-1 h-1.5 overflow-hidden rounded-full bg-sunken">
        <div className="h-full rounded-full bg-hold" style={{ width: `${share * 100}%` }} />
      </div>
    </div>
  );
}

type Revoke = {
  busy: boolean;
  error: string | null;
  onRevoke: (grantId: string, reason: string) => Promise<boolean>;
};

function Grant({ grant, busy, error, onRevoke }: { grant: GrantView } & Revoke) {
  const { word, tone } = STATES[grant.state];
  return (
    <li className="px-4 py-4 sm:px-5">
      <div className="flex flex-wrap items-start gap-x-4 gap-y-3">
        <div className="min-w-0 flex-1">
          <p className="flex flex-wrap items-center gap-x-2.5 gap-y-1 text-base">
            <Link href={`/agents/${grant.agent.id}`} className="font-medium underline underline-offset-2">
              {grant.agent.name}
            </Link>
            <code className="text-sm">{grant.tool.name}</code>
            <Badge tone={tone}>{word}</Badge>
          </p>
          <p className="mt-1 [overflow-wrap:anywhere]">
            <InertText text={grant.reason} />
          </p>
          <p className="mt-1 text-faint text-sm">
            {grant.by.name}, <RelativeTime at={grant.createdAt} focusable />, after{' '}
            <Link href={`/actions/${grant.actionId}`} className="underline underline-offset-2">
              this action
            </Link>
            {grant.state === 'live' ? (
              <>
                ; ends <RelativeTime at={grant.expiresAt} focusable />
              </>
            ) : null}
            {grant.revokedBy ? `; taken back by ${grant.revokedBy}` : ''}
          </p>
        </div>
        {grant.state === 'live' && grant.mayRevoke ? (
          <ReasonDialog
            trigger={<Button variant="outline-danger">Take back…</Button>}
            title="Take the grant back"
            description="Nothing more is released by it. What it has released and what has run stays."
            confirm="Take it back"
            placeholder="The correction is done"
            busy={busy}
            error={error}
            onConfirm={(reason) => onRevoke(grant.grantId, reason)}
          />
        ) : null}
      </div>
      <div className="mt-3 flex flex-wrap gap-x-6 gap-y-2">
        {BOUNDS.map(({ key, label }) => (
          <Meter key={key} label={label} used={grant.used[key]} of={grant.bounds[key]} />
        ))}
      </div>
      <details className="mt-3">
        <summary className="cursor-pointer text-soft text-sm">What exactly it allows</summary>
        <div className="mt-3 grid gap-4 lg:grid-cols-2">
          <ShapeFacts shape={grant.shape} />
          <pre className="whitespace-pre-wrap rounded-lg bg-sunken p-3 text-sm [overflow-wrap:anywhere]">
            {grant.text}
          </pre>
        </div>
      </details>
    </li>
  );
}

/** Grants, newest first, with how much of each is used. */
export function GrantList({ grants, ...revoke }: { grants: GrantView[] } & Revoke) {
  if (grants.length === 0) {
    return (
      <EmptyState icon={<Repeat />} title="Nothing is allowed in advance">
        After you approved an action, its page offers to allow more like it: for two hours, say, and at most
        fifty people. What anybody allowed stands here, with what was used of it.
      </EmptyState>
    );
  }
  return (
    <ul className="divide-y divide-line">
      {grants.map((grant) => (
        <Grant key={grant.grantId} grant={grant} {...revoke} />
      ))}
    </ul>
  );
}
