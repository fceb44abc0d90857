import type { z } from 'zod';

/** Reads an environment variable that holds a JSON list. Throws one readable sentence; never quotes the value, which holds secrets. */
export function readSettings<T>(name: string, schema: z.ZodType<T[]>, json: string | undefined): T[] {
  if (json === undefined || json.trim() === '') return [];
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new Error(`${name} is not valid JSON; it is an array of objects.`);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((i) => `${i.path.join('.')} ${i.message}`.trim()).join('; ');
  throw new Error(`${name} is not right: ${faults}.`);
}
