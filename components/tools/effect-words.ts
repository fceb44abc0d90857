import type { Effect } from '@/server/domain/catalog';

type Condition = NonNullable<Effect['when']>;

const values = (list: readonly unknown[]): string => list.map((v) => String(v)).join(' or ');

/** A condition as a person reads it: `$.notify is true`. */
export function conditionWords(condition: Condition): string {
  if (typeof condition === 'string') return `${condition} is there`;
  const { path, is, not, absent } = condition;
  const parts = [
    ...(is === undefined ? [] : [`is ${values(is)}`]),
    ...(not === undefined ? [] : [`is not ${values(not)}`]),
  ];
  const compared = parts.length === 0 ? 'is there' : parts.join(' and ');
  const left = absent === true ? ', or left out' : '';
  return `${path} ${compared}${left}`;
}
