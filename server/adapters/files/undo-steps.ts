import { z } from 'zod';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const blob = z.string().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/);

/**
 * One step back. A file is only touched while it is what the execution left (`is`, SHA-256 of its content; null: nothing is there); what was there comes
 * out of git by the name git has for it (`was`; null: nothing was).
 */
const step = z.strictObject({
  path: z.string().min(1).max(4_096),
  is: sha256.nullable(),
  was: blob.nullable(),
  mode: z.number().int().min(0).max(0o7777),
  /** Of what was moved: where it came from. */
  to: z.string().min(1).max(4_096).optional(),
});
export const undoSteps = z.array(step).min(1).max(1_000);
export type UndoStep = z.infer<typeof step>;
