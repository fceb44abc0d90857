import { z } from 'zod';
import { hasHoles, type SelectedValue, select } from './json-path';

const plainValue = z.union([z.string().max(200), z.number(), z.boolean()]);
const plainValues = z.union([plainValue.transform((v) => [v]), z.array(plainValue).min(1).max(100)]);

/** `$.notify`: holds when the argument is there. `{path, is}` and `{path, not}`: holds by its value, and in doubt. */
export const effectCondition = z.union(
  [
    z.string().max(500),
    z.strictObject({
      path: z.string().max(500),
      is: plainValues.optional(),
      not: plainValues.optional(),
      /** Whether it holds when the argument is left out. Nobody said: it does. */
      absent: z.boolean().optional(),
    }),
  ],
  'Write the JSONPath of an argument, like $.notify, or { path, is: value } or { path, not: value }, with absent: true or false.',
);
export type EffectCondition = z.infer<typeof effectCondition>;

export const conditionPath = (condition: EffectCondition): string =>
  typeof condition === 'string' ? condition : condition.path;

/** Whether it holds, why, and the arguments that say so. */
export type ConditionReading = { holds: boolean; why: string; at: readonly SelectedValue[] };

type Plain = z.infer<typeof plainValue>;
const same = (listed: Plain, given: unknown): boolean =>
  typeof listed === 'string' && typeof given === 'string'
    ? listed.trim().toLowerCase() === given.trim().toLowerCase()
    : listed === given;
const word = (value: unknown): string => {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
};

function byPresence(path: string, at: readonly SelectedValue[]): ConditionReading {
  return at.length > 0
    ? { holds: true, why: `${path} is there`, at }
    : { holds: false, why: `${path} is left out`, at: [] };
}

/** Only a value of a listed kind that is none of the listed ones rules `is` out: what nobody foresaw (`"TRUE"`, a list, an object) is in doubt, and doubt holds. */
const rulesOut = (listed: readonly Plain[], given: unknown): boolean =>
  listed.some((each) => typeof each === typeof given) && !listed.some((each) => same(each, given));

/**
 * Whether a condition holds for these arguments. In doubt it does: a missing argument (unless `absent` says otherwise), a value of a kind the
 * condition does not speak of, several values of which one fits. Case and surrounding space of text do not matter to `is`.
 */
export function readCondition(
  condition: EffectCondition,
  args: Readonly<Record<string, unknown>>,
): ConditionReading {
  const path = conditionPath(condition);
  const selection = select(path, args);
  const at = selection.values;
  if (typeof condition === 'string') return byPresence(path, at);
  const { is, not, absent } = condition;
  if (is === undefined && not === undefined && absent === undefined) return byPresence(path, at);
  const fits = at.find(
    ({ value }) => !(is !== undefined && rulesOut(is, value)) && !not?.some((each) => each === value),
  );
  if (fits !== undefined) return { holds: true, why: `${path} is ${word(fits.value)}`, at: [fits] };
  if (at.length > 0 && !hasHoles(selection)) {
    return { holds: false, why: `${path} is ${word(at[0]?.value)}`, at: [] };
  }
  const holds = absent ?? true;
  const why = absent === undefined ? 'nobody said what that means' : `declared as ${holds ? 'so' : 'not so'}`;
  return { holds, why: `${path} is left out: ${why}`, at: [] };
}
