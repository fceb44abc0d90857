import { z } from 'zod';

export type JsonObject = Record<string, unknown>;

/** An object that is no list. */
export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * A JSON object exactly as it arrived. `z.record` copies its input and leaves a key named `__proto__` out on the way: what is then hashed, shown and
 * released would be less than what was sent.
 */
export const jsonObject = z.custom<JsonObject>(isObject, 'expected an object');
