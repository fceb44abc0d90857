import { z } from 'zod';

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * A JSON object exactly as it arrived. `z.record` copies its input and leaves a key named `__proto__` out on the way: what is then hashed, shown and
 * released would be less than what was sent.
 */
export const jsonObject = z.custom<Record<string, unknown>>(isObject, 'expected an object');
