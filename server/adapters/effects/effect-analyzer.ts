import type { Effect } from '@/server/domain/catalog';
import type { Directory } from '@/server/domain/directory';
import type { Footprint, FootprintItem, UnknownFact } from '@/server/domain/footprint';
import { selectValues } from '@/server/domain/json-path';
import type { Analyzer, Clock, MeasureOptions, PlannedCall } from '@/server/domain/ports';
import { audienceFor, type SeenClasses } from '@/server/domain/resolve-audience';
import type { EffectKind, Operation } from '@/server/domain/vocabulary';
import { audiencePart, namedRecipients } from './effect-audience';

const MAX_LISTED = 200;

const flat = (values: readonly unknown[]): unknown[] =>
  values.flatMap((v) => (Array.isArray(v) ? flat(v) : v === null || v === undefined ? [] : [v]));

const asText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

const select = (path: string | undefined, args: PlannedCall['args']): unknown[] =>
  path === undefined ? [] : flat(selectValues(path, args));

/** Effects that only look. Everything else changes something for somebody. */
const isRead = (effect: EffectKind): boolean => effect === 'read';

type Parts = { items: FootprintItem[]; unknowns: UnknownFact[] };

function amountOf(effect: Effect, call: PlannedCall, base: FootprintItem): Parts {
  const [amount] = select(effect.amount, call.args);
  const [currency] = select(effect.currency, call.args);
  const known = typeof amount === 'number' || (typeof amount === 'string' && amount.trim() !== '');
  const item: FootprintItem = {
    ...base,
    kind: 'money',
    resource: known
      ? `${asText(amount)} ${currency === undefined ? '' : asText(currency)}`.trim()
      : 'an unknown amount',
    count: known ? 1 : null,
    provenance: known ? 'declared' : 'unknown',
  };
  if (known) return { items: [item], unknowns: [] };
  const message = 'The amount could not be found in the arguments.';
  return { items: [item], unknowns: [{ code: 'effect_undeclared', resource: call.tool.name, message }] };
}

function partsOf(
  effect: Effect,
  call: PlannedCall,
  audience: { directory: Directory; seen: SeenClasses },
): Parts {
  const resources = [...new Set(select(effect.resource ?? effect.location, call.args).map(asText))];
  const operation: Operation = effect.effect;
  const base: FootprintItem = {
    kind: 'resource',
    target: call.tool.target?.name ?? null,
    resource: resources.slice(0, MAX_LISTED).join(', ') || call.tool.name,
    operation,
    count: Math.max(1, resources.length),
    provenance: 'declared',
    ...(effect.classes ? { classes: [...effect.classes].sort() } : {}),
    reversible: effect.reversible ?? isRead(effect.effect),
  };
  if (effect.audience !== undefined) return audiencePart(effect, call, base, audience);
  if (effect.amount !== undefined) return amountOf(effect, call, base);
  return { items: [base], unknowns: [] };
}

/** What a read returns counts as sensitive until an operator says what it is. */
function undeclared(call: PlannedCall): UnknownFact[] {
  if (call.tool.effects.length === 0) {
    const message = 'Nobody has described what this tool does, so nothing about it is known.';
    return [{ code: 'effect_undeclared', resource: call.tool.name, message }];
  }
  return call.tool.effects.some((e) => isRead(e.effect) && e.classes === undefined)
    ? [
        {
          code: 'unclassified_columns',
          resource: call.tool.name,
          message: 'It reads data whose classes nobody has declared.',
        },
      ]
    : [];
}

/** What those who are reached would see. An effect that says nothing of its classes leaves open what else that is. */
function seenIn(effects: readonly Effect[]): SeenClasses {
  const reaching = effects.filter((effect) => effect.audience !== undefined);
  return {
    classes: reaching.flatMap((effect) => effect.classes ?? []),
    whole: reaching.every((effect) => effect.classes !== undefined),
  };
}

function footprintOf(call: PlannedCall, measuredAt: string, directory: Directory): Footprint {
  const { effects } = call.tool;
  const seen = seenIn(effects);
  const parts = effects.map((effect) => partsOf(effect, call, { directory, seen }));
  const recipients = effects.flatMap((effect) => namedRecipients(effect, call.args));
  const classes = parts.flatMap((p) => p.items.flatMap((i) => i.classes ?? []));
  const open = classes.every((c) => c === 'public' || c === 'internal');
  return {
    version: 1,
    items: parts.flatMap((p) => p.items),
    unknowns: [...parts.flatMap((p) => p.unknowns), ...undeclared(call)],
    // Whose data it is cannot be seen from arguments; only data that is nobody's in particular concerns nobody.
    subjects: open && call.tool.effects.length > 0 ? 0 : null,
    method: call.tool.effects.length === 0 ? 'none' : 'declared',
    readOnly: call.tool.effects.length > 0 && call.tool.effects.every((e) => isRead(e.effect)),
    definitions: call.tool.definitionHash,
    ...(effects.some((effect) => effect.audience !== undefined)
      ? { audience: audienceFor(recipients, directory, seen) }
      : {}),
    measuredAt,
    durationMs: 0,
  };
}

/**
 * Measures a tool from its operator's effect map, the call's arguments and the directory: quick, and never more certain than `declared` but for
 * people, who are counted by the directory.
 */
export class EffectAnalyzer implements Analyzer {
  constructor(private readonly clock: Clock) {}

  check(): [] {
    return [];
  }

  reach() {
    return 'arguments' as const;
  }

  measure(call: PlannedCall, { around }: Pick<MeasureOptions, 'around'>) {
    return Promise.resolve({
      footprint: footprintOf(call, this.clock.now().toISOString(), around.directory),
      images: [],
      imagesTotal: 0,
    });
  }
}
