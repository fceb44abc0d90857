import { withPayload } from '@/server/domain/carried';
import type { Directory } from '@/server/domain/directory';
import { type EffectReading, readEffect } from '@/server/domain/effect-reading';
import type { Footprint, FootprintItem, UnknownFact } from '@/server/domain/footprint';
import { hasHoles } from '@/server/domain/json-path';
import type { Payload } from '@/server/domain/payload';
import { payloadOf } from '@/server/domain/payload-of-call';
import type { Analyzer, Clock, MeasureOptions, PayloadScanner, PlannedCall } from '@/server/domain/ports';
import { audienceFor, type SeenClasses } from '@/server/domain/resolve-audience';
import type { Surroundings } from '@/server/domain/surroundings';
import type { EffectKind } from '@/server/domain/vocabulary';
import { audiencePart, namedRecipients, reachesPeople } from './effect-audience';
import { moneyItems } from './money-items';

const MAX_LISTED = 200;

const asText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** Effects that only look. Everything else changes something for somebody. */
const isRead = (effect: EffectKind): boolean => effect === 'read';

type Parts = { items: FootprintItem[]; unknowns: UnknownFact[] };
const NOTHING: Parts = { items: [], unknowns: [] };

/** What the effect acts on. Where the map names it and the arguments do not, it may be anything. */
function resourceOf(reading: EffectReading, call: PlannedCall, base: FootprintItem): Parts {
  const named = reading.resources;
  // What is sent, shared or paid is counted by whom it reaches and how much it is.
  const counted = reachesPeople(reading) || reading.payments !== null;
  if (named === null && counted) return NOTHING;
  const names = [...new Set(named?.values.map((r) => asText(r.value)) ?? [])];
  const restates = counted ? { restates: true } : {};
  if (named !== null && (names.length === 0 || hasHoles(named))) {
    const message = `The arguments do not say what it would ${reading.effect.effect}: it may be anything.`;
    return {
      items: [
        {
          ...base,
          ...restates,
          resource: names.join(', ') || call.tool.name,
          count: null,
          provenance: 'unknown',
        },
      ],
      unknowns: [{ code: 'resource_unknown', resource: call.tool.name, message }],
    };
  }
  const resource = names.slice(0, MAX_LISTED).join(', ') || call.tool.name;
  return { items: [{ ...base, ...restates, resource, count: Math.max(1, names.length) }], unknowns: [] };
}

function partsOf(
  reading: EffectReading,
  call: PlannedCall,
  audience: { directory: Directory; seen: SeenClasses },
): Parts {
  const { effect, classes } = reading;
  const base: FootprintItem = {
    kind: 'resource',
    target: call.tool.target?.name ?? null,
    resource: call.tool.name,
    operation: effect.effect,
    count: 1,
    provenance: 'declared',
    ...(classes ? { classes: [...classes] } : {}),
    reversible: effect.reversible ?? isRead(effect.effect),
  };
  const parts = [
    resourceOf(reading, call, base),
    reachesPeople(reading) ? audiencePart(reading, call, base, audience) : NOTHING,
    moneyItems(reading, base, call.tool.name),
  ];
  return { items: parts.flatMap((p) => p.items), unknowns: parts.flatMap((p) => p.unknowns) };
}

/** What a read returns counts as sensitive until an operator says what it is. */
function undeclared(call: PlannedCall, applying: readonly EffectReading[]): UnknownFact[] {
  if (applying.length === 0) {
    const message =
      call.tool.effects.length === 0
        ? 'Nobody has described what this tool does, so nothing about it is known.'
        : 'None of the effects described for this tool fits these arguments, so nothing about the call is known.';
    return [{ code: 'effect_undeclared', resource: call.tool.name, message }];
  }
  return applying.some((r) => isRead(r.effect.effect) && r.classes === undefined)
    ? [
        {
          code: 'unclassified_columns',
          resource: call.tool.name,
          message: 'It reads data whose classes nobody has declared.',
        },
      ]
    : [];
}

/**
 * What those who are reached would see. An effect that says nothing of its classes is known by what it carries: as far as that was looked at,
 * and as far as a run tells what the agent can have read.
 */
function seenIn(readings: readonly EffectReading[], payload: Payload | null, hasRun: boolean): SeenClasses {
  const reaching = readings.filter(reachesPeople);
  const carried = payload?.classes.map((c) => c.class) ?? [];
  const declared = reaching.every((reading) => reading.classes !== undefined);
  const byReference = reaching.some((r) => r.effect.resource !== undefined && r.classes === undefined);
  return {
    classes: [...reaching.flatMap((reading) => reading.classes ?? []), ...carried],
    whole: !payload?.truncated && (declared || (hasRun && !(byReference && carried.length === 0))),
  };
}

const isOpen = (name: string): boolean => name === 'public' || name === 'internal';

/** Whose data it is cannot be seen from arguments; only what is nobody's in particular concerns nobody, and a number found in a text one person. */
function subjectsOf(items: readonly FootprintItem[], payload: Payload | null): number | null {
  if (!items.every((item) => (item.classes ?? []).every(isOpen))) return null;
  const guarded = payload?.classes.filter((c) => !isOpen(c.class)) ?? [];
  if (guarded.some((c) => c.from !== 'scan') || payload?.truncated) return null;
  return new Set(payload?.findings.map((f) => `${f.pointer} ${f.start}`)).size;
}

function footprintOf(
  call: PlannedCall,
  applying: readonly EffectReading[],
  payload: Payload | null,
  around: Surroundings,
): Omit<Footprint, 'measuredAt'> {
  const { directory, run } = around;
  const seen = seenIn(applying, payload, run !== null);
  const parts = applying.map((reading) => partsOf(reading, call, { directory, seen }));
  const items = parts.flatMap((p) => p.items);
  const footprint = {
    version: 1 as const,
    items,
    unknowns: [...parts.flatMap((p) => p.unknowns), ...undeclared(call, applying)],
    subjects: applying.length > 0 ? subjectsOf(items, payload) : null,
    method: applying.length === 0 ? ('none' as const) : ('declared' as const),
    readOnly: applying.length > 0 && applying.every((r) => isRead(r.effect.effect)),
    definitions: call.tool.definitionHash,
    ...(applying.some(reachesPeople)
      ? { audience: audienceFor(applying.flatMap(namedRecipients), directory, seen) }
      : {}),
    durationMs: 0,
  };
  return withPayload(footprint, payload, call.tool.name);
}

/**
 * Measures a tool from its operator's effect map, the call's arguments, the directory and what the run has read: never more certain than
 * `declared` but for people, who are counted by the directory.
 */
export class EffectAnalyzer implements Analyzer {
  constructor(
    private readonly clock: Clock,
    private readonly scanner: PayloadScanner,
  ) {}

  check(): [] {
    return [];
  }

  reach() {
    return 'arguments' as const;
  }

  async measure(call: PlannedCall, { around, searched }: Pick<MeasureOptions, 'around' | 'searched'>) {
    const applying = call.tool.effects
      .map((effect) => readEffect(effect, call.args))
      .filter((reading) => reading.applies.holds);
    const question = {
      args: call.args,
      readings: applying,
      run: around.run,
      results: searched?.results ?? [],
    };
    const payload = await payloadOf(question, this.scanner);
    const measuredAt = this.clock.now().toISOString();
    const footprint = { ...footprintOf(call, applying, payload, around), measuredAt };
    return { footprint, images: [], imagesTotal: 0 };
  }
}
