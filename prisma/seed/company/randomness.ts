import { base, en, Faker } from '@faker-js/faker';

/** The company's "today": fixed, so that every install has the very same rows. */
export const TODAY = new Date('2026-10-31T00:00:00Z');
const DAY = 86_400_000;

export type Randomness = {
  faker: Faker;
  /** A whole number between both ends, included. */
  int(min: number, max: number): number;
  pick<T>(from: readonly T[]): T;
  /** Picks by weight: `[['paid', 8], ['open', 2]]`. */
  weighted<T>(from: readonly (readonly [T, number])[]): T;
  chance(probability: number): boolean;
  between(from: Date, to: Date): Date;
};

/** Everything invented comes from one seed: the same seed gives the same company on every machine. */
export function createRandomness(seed: number): Randomness {
  const faker = new Faker({ locale: [en, base], seed });
  faker.setDefaultRefDate(TODAY);
  const int = (min: number, max: number) => faker.number.int({ min, max });
  return {
    faker,
    int,
    pick: (from) => faker.helpers.arrayElement(from),
    weighted: (from) =>
      faker.helpers.weightedArrayElement(from.map(([value, weight]) => ({ value, weight }))),
    chance: (probability) => faker.datatype.boolean(probability),
    between: (from, to) => new Date(int(from.getTime(), Math.max(from.getTime(), to.getTime()))),
  };
}

export const addDays = (date: Date, days: number): Date => new Date(date.getTime() + days * DAY);
/** `YYYY-MM-DD`, in UTC. */
export const isoDay = (date: Date): string => date.toISOString().slice(0, 10);
export const earlier = (a: Date, b: Date): Date => (a < b ? a : b);
