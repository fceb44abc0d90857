import type { InputProblem } from './refusal';

export const SHORTEST_PASSWORD = 12;
/** Long enough for any passphrase; a bound, because hashing costs time with length. */
export const LONGEST_PASSWORD = 256;

/** What is wrong with a new password, in words to show beside the field; null when it is fine. Length in characters as people count them. */
export function passwordProblem(password: string, about: readonly string[] = []): InputProblem | null {
  const length = [...password].length;
  const say = (message: string): InputProblem => ({ pointer: '/password', message });
  if (length < SHORTEST_PASSWORD) {
    return say(
      `Use at least ${SHORTEST_PASSWORD} characters; this has ${length}. A few unrelated words make a good one.`,
    );
  }
  if (length > LONGEST_PASSWORD) return say(`Use at most ${LONGEST_PASSWORD} characters.`);
  if (new Set(password).size < 5)
    return say('This repeats the same few characters. Use a few unrelated words.');
  const lower = password.toLowerCase();
  if (about.some((word) => word !== '' && lower === word.toLowerCase())) {
    return say('This is your name or address. Use something only you know.');
  }
  return null;
}
