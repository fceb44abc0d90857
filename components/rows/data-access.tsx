import { Ban, Eye, Lock } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { ClassChips } from '@/components/ui/class-chip';
import type { ActionDetail } from '@/server/domain/views';

/** What this person sees of the data and what not, with the one way to see more. */
export function DataAccess({ images, onReveal }: { images: ActionDetail['images']; onReveal: () => void }) {
  const { maskedClasses: masked, withheldClasses: withheld, revealedClasses: revealed } = images;
  if (masked.length + withheld.length + revealed.length === 0) return null;
  return (
    <div className="flex flex-wrap items-center gap-x-6 gap-y-2.5 border-line border-b px-4 py-2.5 text-sm sm:px-5">
      {masked.length > 0 ? (
        <span className="flex flex-wrap items-center gap-2">
          <Lock aria-hidden className="size-3.5 text-faint" /> Masked
          <ClassChips names={masked} />
          <Button size="sm" onClick={onReveal}>
            <Eye /> Reveal…
          </Button>
        </span>
      ) : null}
      {revealed.length > 0 ? (
        <span className="flex flex-wrap items-center gap-2">
          <Eye aria-hidden className="size-3.5 text-faint" /> Revealed, on record
          <ClassChips names={revealed} />
        </span>
      ) : null}
      {withheld.length > 0 ? (
        <span className="flex flex-wrap items-center gap-2" title="Outside your clearance">
          <Ban aria-hidden className="size-3.5 text-faint" /> Outside your clearance
          <ClassChips names={withheld} />
        </span>
      ) : null}
    </div>
  );
}
