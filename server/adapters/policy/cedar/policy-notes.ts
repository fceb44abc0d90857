import { z } from 'zod';
import { policyToJson } from './engine';
import { FACT_WORDS } from './fact-words';

/** What the annotations of one policy say: its name, its reason and, for a hold, who must look and by when. */
export type PolicyNotes = {
  id: string;
  title: string;
  because: string;
  verdict: 'allow' | 'hold' | 'deny';
  reviewers: string[];
  quorum: number;
  expirySeconds: number;
  presence: 'session' | 'passkey';
};

export const HOLD_SECONDS = 24 * 60 * 60;
const MAX_HOLD_SECONDS = 30 * 24 * 60 * 60;
const DURATION = /^P(?=.)(?:(\d{1,3})D)?(?:T(?=.)(?:(\d{1,4})H)?(?:(\d{1,5})M)?)?$/;

const words = z
  .string()
  .min(1)
  .max(500)
  .refine((t) => [...t.matchAll(/\{(\w*)\}/g)].every(([, word]) => FACT_WORDS.has(word ?? '')), {
    error: `names a fact in braces that does not exist; known are ${[...FACT_WORDS].join(', ')}`,
  });
const naming = {
  id: z.string().regex(/^[a-z][a-z0-9-]{0,79}$/, 'must be lower-case words joined by hyphens'),
  title: words,
  because: words,
};
const groups = z.string().transform((list) => [
  ...new Set(
    list
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== ''),
  ),
]);
const duration = z.string().transform((written, context) => {
  const [, days = '0', hours = '0', minutes = '0'] = DURATION.exec(written) ?? [];
  const seconds = Number(days) * 86_400 + Number(hours) * 3_600 + Number(minutes) * 60;
  if (seconds > 0 && seconds <= MAX_HOLD_SECONDS) return seconds;
  context.addIssue('must be a duration of at most 30 days, like PT4H or P1D');
  return z.NEVER;
});
/** Unknown annotations are refused: `@quorom("2")` would otherwise quietly ask for one person. */
const plain = z.strictObject(naming);
const holding = z.strictObject({
  ...naming,
  verdict: z.literal('hold'),
  reviewers: groups.refine((g) => g.length > 0, 'must name a group').optional(),
  quorum: z
    .string()
    .regex(/^[1-9]$/, 'must be a number from 1 to 9')
    .transform(Number)
    .optional(),
  expires: duration.optional(),
  presence: z.enum(['session', 'passkey']).optional(),
});

export type NotesAnswer = { ok: true; notes: PolicyNotes } | { ok: false; problems: string[] };

/** Reads one policy's annotations. What is misspelt or missing is a problem, never a default. */
export function readNotes(text: string): NotesAnswer {
  const answer = policyToJson(text);
  if (answer.type === 'failure') return { ok: false, problems: answer.errors.map((e) => e.message) };
  const { effect, annotations = {} } = answer.json;
  const holds = effect === 'forbid' && 'verdict' in annotations;
  const parsed = (holds ? holding : plain).safeParse(annotations);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((i) =>
      [i.path.map((p) => `@${String(p)}`).join(), i.message].join(' '),
    );
    return { ok: false, problems: problems.map((p) => p.trim()) };
  }
  const { id, title, because, ...rest } = parsed.data;
  const asked = rest as Partial<
    Pick<z.infer<typeof holding>, 'reviewers' | 'quorum' | 'expires' | 'presence'>
  >;
  const notes: PolicyNotes = {
    id,
    title,
    because,
    verdict: effect === 'permit' ? 'allow' : holds ? 'hold' : 'deny',
    reviewers: asked.reviewers ?? [],
    quorum: asked.quorum ?? 1,
    expirySeconds: asked.expires ?? HOLD_SECONDS,
    presence: asked.presence ?? 'session',
  };
  return { ok: true, notes };
}
