import { z } from 'zod';

/** One place in what the call carries that looks like data of a class. `start` and `end` are UTF-16 offsets into the string at `pointer`. */
const payloadFinding = z.object({
  pointer: z.string(),
  start: z.number().int().nonnegative(),
  end: z.number().int().nonnegative(),
  class: z.string(),
  /** What found it, in a stable word: `secret.aws`, `payment_card`, `iban`, `phone`, `email`, `national_id.no`, … */
  detector: z.string(),
});
export type PayloadFinding = z.infer<typeof payloadFinding>;

/** What data the call carries outwards, and how that is known. */
export const payload = z.object({
  classes: z.array(
    z.object({
      class: z.string(),
      /** Declared by the operator, found by scanning the text, or read by the run before. */
      from: z.enum(['declared', 'scan', 'run']),
      /** For `run`: the tool whose result it came from. */
      tool: z.string().optional(),
      /** For `run`: nothing of it was found in the text, yet the text is the agent's own and could say it in other words. */
      possible: z.boolean().optional(),
    }),
  ),
  findings: z.array(payloadFinding),
  /** Text beyond what is scanned, or findings beyond what is kept. */
  truncated: z.boolean(),
  /** What was scanned: the arguments the effect map calls content, or every argument because it names none. */
  scanned: z.enum(['content', 'everything']).optional(),
  /** Classes of everything the run has read so far, carried or not. No part of the digest. */
  read: z.array(z.string()).optional(),
});
export type Payload = z.infer<typeof payload>;
export type PayloadClass = Payload['classes'][number];
