import type { Effect } from './catalog';
import { conditionPath, type EffectCondition } from './effect-condition';
import { unknownArgument } from './schema-paths';

/** Something about an effect that is valid and probably not what was meant. `certain`: it can never find what it looks for. */
export type EffectAdvice = { field: keyof Effect; message: string; certain: boolean };

type Schema = Readonly<Record<string, unknown>>;
const PATHS = ['resource', 'audience', 'content', 'amount', 'currency', 'location'] as const;
const REACHES: ReadonlySet<Effect['effect']> = new Set(['send', 'share', 'invite', 'grant']);

function pathsOf(effect: Effect): [keyof Effect, string][] {
  const named = PATHS.flatMap((field): [keyof Effect, string][] => {
    const path = effect[field];
    return path?.startsWith('$') ? [[field, path]] : [];
  });
  if (effect.classesBy) named.push(['classesBy', effect.classesBy.path]);
  if (effect.when !== undefined) named.push(['when', conditionPath(effect.when)]);
  if (effect.anyone !== undefined) named.push(['anyone', conditionPath(effect.anyone)]);
  return named;
}

const comparesSilently = (condition: EffectCondition | undefined): boolean =>
  condition !== undefined &&
  typeof condition !== 'string' &&
  condition.absent === undefined &&
  (condition.is !== undefined || condition.not !== undefined);

function aboutMeaning(effect: Effect): EffectAdvice[] {
  const advice: EffectAdvice[] = [];
  const say = (field: keyof Effect, message: string) => advice.push({ field, message, certain: false });
  const { effect: kind, amount, audience, anyone } = effect;
  if (kind === 'pay' && amount === undefined)
    say('amount', 'Say where the amount is: an amount nobody knows is held for two people.');
  if (amount !== undefined && effect.currency === undefined)
    say('currency', 'Say which currency it is, unless the amount itself names it (“€ 35”).');
  if (amount === undefined && effect.currency !== undefined)
    say('currency', 'A currency says nothing without an amount.');
  if (REACHES.has(kind) && audience === undefined && anyone === undefined)
    say('audience', 'Say who receives it: an audience nobody knows is held as unknown.');
  if (kind === 'read' && effect.classes === undefined && effect.classesBy === undefined)
    say('classes', 'Say what kinds of data it answers with: undeclared data counts as sensitive.');
  for (const field of ['when', 'anyone'] as const) {
    if (comparesSilently(effect[field]))
      say(
        field,
        'Say what it means when the argument is left out (absent: true or false). Until then it holds.',
      );
  }
  return advice;
}

/** What an operator should look at in an effect that is valid. Nothing here changes what is measured. */
export function adviseOn(effect: Effect, schema: Schema): EffectAdvice[] {
  const unknown = pathsOf(effect).flatMap(([field, path]): EffectAdvice[] => {
    const name = unknownArgument(path, schema);
    if (name === null) return [];
    return [
      {
        field,
        message: `The input schema has no argument ${name}, so ${path} never finds anything.`,
        certain: true,
      },
    ];
  });
  return [...unknown, ...aboutMeaning(effect)];
}
