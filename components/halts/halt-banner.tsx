import { OctagonPause } from 'lucide-react';
import { InertText } from '@/components/agent-words/inert-text';
import { Link } from '@/components/ui/link';
import { RelativeTime } from '@/components/ui/relative-time';
import type { HaltView } from '@/server/domain/views';
import { HaltedWhat } from './halted-what';

/** Across every page while a halt is in force: what stands still, who stopped it, why. */
export function HaltBanner({ halts }: { halts: HaltView[] }) {
  const inForce = halts.filter((halt) => halt.liftedAt === null);
  const first = inForce.find((halt) => halt.scope === 'workspace') ?? inForce[0];
  if (!first) return null;
  const stands = first.scope === 'workspace' ? 'No action' : 'None of its actions';
  const more = inForce.length - 1;
  const isSentence = /[.!?…]$/.test(first.reason.trim());
  return (
    <div role="alert" className="bg-danger text-[oklch(1_0_0)]">
      <div aria-hidden className="hazard h-1" />
      <div className="flex items-start gap-3 px-4 py-2 text-base sm:items-center sm:px-6">
        <OctagonPause aria-hidden className="mt-0.5 size-4.5 shrink-0 sm:mt-0" />
        <p className="min-w-0 flex-1">
          <strong className="font-semibold">
            <HaltedWhat halt={first} /> is halted
          </strong>
          {more > 0 ? `, and ${more} more` : ''} by {first.engagedBy}, <RelativeTime at={first.engagedAt} />:
          “
          <InertText text={first.reason} />”{isSentence ? '' : '.'} {stands} is released or executed until a
          person lifts it.
        </p>
        <Link href="/halts" className="min-h-6 shrink-0 font-medium underline underline-offset-2">
          See halts
        </Link>
      </div>
    </div>
  );
}
