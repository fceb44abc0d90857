import type { ClassesBy, Effect } from './catalog';
import { type ConditionReading, readCondition } from './effect-condition';
import { hasHoles, type Selection, selectElements } from './json-path';
import { type PaymentsReading, readPayments } from './payments';

type Args = Readonly<Record<string, unknown>>;

/** What one effect of a tool's map finds in the arguments of one call. Null where the map names nothing. */
export type EffectReading = {
  effect: Effect;
  /** Whether it happens at all with these arguments, and why. */
  applies: { holds: boolean; why: string };
  recipients: Selection | null;
  content: Selection | null;
  resources: Selection | null;
  payments: PaymentsReading | null;
  /** Undefined when nobody declared any. */
  classes: readonly string[] | undefined;
  anyone: ConditionReading | null;
};

const UNCLASSIFIED = ['unclassified'];

/** Every value a path names, lists opened; null when the map has no such path. */
const read = (path: string | undefined, args: Args): Selection | null =>
  path === undefined ? null : selectElements(path, args);

const both = (one: Selection | null, other: Selection | null): Selection | null =>
  one === null || other === null
    ? (one ?? other)
    : {
        values: [...one.values, ...other.values],
        missing: [...one.missing, ...other.missing],
        nulls: [...one.nulls, ...other.nulls],
      };

function classesFor(by: ClassesBy, args: Args): readonly string[] {
  const selection = selectElements(by.path, args);
  const { values } = selection;
  const otherwise = by.otherwise ?? UNCLASSIFIED;
  const classes = values.flatMap(({ value }) => {
    const key = typeof value === 'object' ? null : String(value);
    return key !== null && Object.hasOwn(by.map, key) ? (by.map[key] ?? otherwise) : otherwise;
  });
  return values.length === 0 || hasHoles(selection) ? [...classes, ...otherwise] : classes;
}

function classesOf(effect: Effect, args: Args): readonly string[] | undefined {
  if (effect.classesBy === undefined) return effect.classes && [...effect.classes].sort();
  return [...new Set([...(effect.classes ?? []), ...classesFor(effect.classesBy, args)])].sort();
}

const pays = (effect: Effect): boolean => effect.amount !== undefined || effect.effect === 'pay';

/** Reads one effect against the arguments of one call. Pure; takes time linear in the arguments. */
export function readEffect(effect: Effect, args: Args): EffectReading {
  const when = effect.when === undefined ? null : readCondition(effect.when, args);
  return {
    effect,
    applies: when === null ? { holds: true, why: 'always' } : { holds: when.holds, why: when.why },
    recipients: read(effect.audience, args),
    content: read(effect.content, args),
    resources: both(read(effect.resource, args), read(effect.location, args)),
    payments: pays(effect) ? readPayments(effect, args) : null,
    classes: classesOf(effect, args),
    anyone: effect.anyone === undefined ? null : readCondition(effect.anyone, args),
  };
}
