const MOST_WORDS = 8;
const LONGEST_WORD = 60;
const ID = /^act_[0-9a-z]{0,26}$/;
const ID_CHARACTERS = 26;

/**
 * What somebody typed, as a text search query: every word has to be in the action, the last one as the beginning of a word, as it may still be
 * being typed. Only the last: the index reads every word that begins so from end to end, which for a common one among a million costs 100 ms.
 * Null when nothing in it is a letter or digit; only those get into the query, so nothing typed is ever read as an operator.
 */
export function wordsQuery(q: string): string | null {
  const words = q.match(/[\p{L}\p{M}\p{N}]+/gu)?.slice(0, MOST_WORDS) ?? [];
  const quoted = words.map((word) => `'${word.slice(0, LONGEST_WORD)}'`);
  return words.length === 0 ? null : `${quoted.join(' & ')}:*`;
}

/** The ids that begin as typed, from the lowest to the highest; null when it is not the beginning of an id. */
export function idRange(q: string): { from: string; to: string } | null {
  const typed = q.toLowerCase();
  if (!ID.test(typed)) return null;
  const width = 'act_'.length + ID_CHARACTERS;
  return { from: typed.padEnd(width, '0'), to: typed.padEnd(width, 'z') };
}
