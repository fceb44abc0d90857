import type { Audience } from '@/server/domain/audience';
import type { Directory } from '@/server/domain/directory';
import type { EffectReading } from '@/server/domain/effect-reading';
import type { FootprintItem, UnknownFact } from '@/server/domain/footprint';
import type { PlannedCall } from '@/server/domain/ports';
import {
  audienceFor,
  audienceGap,
  type NamedRecipient,
  type SeenClasses,
} from '@/server/domain/resolve-audience';

const LISTED_MAX = 20;

/** Whether the effect reaches people: those the arguments name, or anyone with a link. */
export const reachesPeople = ({ recipients, anyone }: EffectReading): boolean =>
  recipients !== null || anyone?.holds === true;

/**
 * Every value of the arguments that an effect takes for a recipient, and where it stands. A place that was to name one and is not there is an
 * empty recipient, which nobody can resolve; null names nobody.
 */
export function namedRecipients({ recipients, anyone }: EffectReading): NamedRecipient[] {
  const { values = [], missing = [] } = recipients ?? {};
  const holes = values.length === 0 ? [] : missing.map((pointer) => ({ pointer, value: '' }));
  const link = anyone?.holds === true ? [{ pointer: anyone.at[0]?.pointer ?? '', value: 'anyone' }] : [];
  return [...values.map(({ pointer, value }) => ({ pointer, value })), ...holes, ...link];
}

/** Who would see what one effect sends or shares: one item, with people counted by the directory or not at all. */
export function audiencePart(
  reading: EffectReading,
  call: PlannedCall,
  base: FootprintItem,
  of: { directory: Directory; seen: SeenClasses },
): { items: FootprintItem[]; unknowns: UnknownFact[] } {
  const audience = audienceFor(namedRecipients(reading), of.directory, of.seen);
  const gap = audienceGap(audience);
  const values = [...new Set(audience.recipients.map((r) => r.value))];
  const more = values.length > LISTED_MAX ? ` and ${values.length - LISTED_MAX} more` : '';
  const item: FootprintItem = {
    ...base,
    kind: 'audience',
    resource: values.slice(0, LISTED_MAX).join(', ') + more || 'nobody named',
    count: gap === null ? audience.resolved : null,
    provenance: gap === null ? 'measured' : 'unknown',
    note: noteOf(audience),
  };
  if (gap === null) return { items: [item], unknowns: [] };
  return {
    items: [item],
    unknowns: [{ code: 'audience_unresolved', resource: call.tool.name, message: gap }],
  };
}

function noteOf(audience: Audience): string {
  const count = audience.recipients.length;
  return `${count} ${count === 1 ? 'recipient' : 'recipients'} named in the arguments`;
}
