import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react';
import { Card } from '@/components/ui/card';
import { RelativeTime } from '@/components/ui/relative-time';
import type { TargetView } from '@/server/domain/catalog-views';
import type { TargetFinding } from '@/server/domain/ports';

const LOOK = {
  error: { icon: CircleAlert, tone: 'text-danger-text', word: 'Problem' },
  warning: { icon: TriangleAlert, tone: 'text-caution-text', word: 'Warning' },
  info: { icon: Info, tone: 'text-faint', word: 'Note' },
} as const;
const ORDER = ['error', 'warning', 'info'] as const;

/** Commands in a finding read as commands. */
function FindingText({ text }: { text: string }) {
  const [before = '', command] = text.split(/Run: (?=[A-Z])/);
  return (
    <p className="min-w-0 text-base [overflow-wrap:anywhere]">
      {before}
      {command === undefined ? null : (
        <span className="mt-1.5 block overflow-x-auto rounded-md border border-line bg-sunken px-2.5 py-1.5">
          <code className="text-sm">{command}</code>
        </span>
      )}
    </p>
  );
}

function Finding({ finding }: { finding: TargetFinding }) {
  const { icon: Icon, tone, word } = LOOK[finding.severity];
  return (
    <li className="flex gap-3 px-4 py-3 sm:px-5">
      <Icon role="img" aria-label={word} className={`mt-0.5 size-4.5 shrink-0 ${tone}`} />
      <FindingText text={finding.message} />
    </li>
  );
}

/** What Holdpoint found when it last looked at the target with the role it was given. */
export function FindingsCard({ target }: { target: TargetView }) {
  const check = target.check;
  const findings = ORDER.flatMap((severity) =>
    (check?.findings ?? []).filter((f) => f.severity === severity),
  );
  const aside = target.checkedAt ? (
    <span className="text-faint text-sm">
      {check?.serverVersion ? `PostgreSQL ${check.serverVersion} · ` : ''}
      {check?.role ? `as ${check.role} · ` : ''}
      checked <RelativeTime at={target.checkedAt} focusable />
    </span>
  ) : null;
  return (
    <Card
      id="findings"
      title={target.kind === 'postgres' ? 'The role it was given' : 'What looking at it found'}
      aside={aside}
      flush
    >
      {check === null ? (
        <p className="px-4 py-4 text-base text-soft sm:px-5">Nobody has looked at it yet. Check it now.</p>
      ) : findings.length === 0 ? (
        <p className="flex gap-3 px-4 py-4 text-base sm:px-5">
          <CircleCheck aria-hidden className="mt-0.5 size-4.5 shrink-0 text-good-text" />
          {target.kind === 'postgres'
            ? 'It can do what agents need and no more than that.'
            : 'It can be reached, and everything in it is described.'}
        </p>
      ) : (
        <ul className="divide-y divide-line">
          {findings.map((finding) => (
            <Finding key={`${finding.code} ${finding.message}`} finding={finding} />
          ))}
        </ul>
      )}
    </Card>
  );
}
