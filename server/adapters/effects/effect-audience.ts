import type { Audience } from '@/server/domain/audience';
import type { Effect } from '@/server/domain/catalog';
import type { Directory } from '@/server/domain/directory';
import type { FootprintItem, UnknownFact } from '@/server/domain/footprint';
import { selectNodes } from '@/server/domain/json-path';
import type { PlannedCall } from '@/server/domain/ports';
import {
  audienceFor,
  audienceGap,
  type NamedRecipient,
  type SeenClasses,
} from '@/server/domain/resolve-audience';

const LISTED_MAX = 20;

function expand({ pointer, value }: NamedRecipient): NamedRecipient[] {
  if (!Array.isArray(value)) return [{ pointer, value }];
  return value.flatMap((each, index) => expand({ pointer: `${pointer}/${index}`, value: each }));
}

/** Every value of the arguments that an effect takes for a recipient, and where it stands. */
export function namedRecipients(effect: Effect, args: PlannedCall['args']): NamedRecipient[] {
  if (effect.audience === undefined) return [];
  return selectNodes(effect.audience, args).flatMap(expand);
}

/** Who would see what one effect sends or shares: one item, with people counted by the directory or not at all. */
export function audiencePart(
  effect: Effect,
  call: PlannedCall,
  base: FootprintItem,
  of: { directory: Directory; seen: SeenClasses },
): { items: FootprintItem[]; unknowns: UnknownFact[] } {
  const audience = audienceFor(namedRecipients(effect, call.args), of.directory, of.seen);
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
