const whole = new Intl.NumberFormat('en');

/** A count as people read it; a count nobody could take is a question mark, never a zero. */
export const countWords = (count: number | null): string => (count === null ? '?' : whole.format(count));

/** `1 row`, `214 rows`. Pass the plural where adding an s is wrong. */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${whole.format(count)} ${count === 1 ? one : many}`;
