/**
 * `12,345.6`, to three decimals. Not by Intl: its first use loads tables, which takes a phone longer than drawing all the numbers of a page.
 */
function grouped(number: number): string {
  const [whole, fraction] = String(Math.round(number * 1_000) / 1_000).split('.');
  const groups = (whole ?? '').replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? groups : `${groups}.${fraction}`;
}

/** A count as people read it; a count nobody could take is a question mark, never a zero. */
export const countWords = (count: number | null): string => (count === null ? '?' : grouped(count));

/** `1 row`, `214 rows`. Pass the plural where adding an s is wrong. */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${grouped(count)} ${count === 1 ? one : many}`;
