import { countWords } from './number-words';

const UNITS = ['bytes', 'KB', 'MB', 'GB', 'TB'] as const;

/** A size as people say it: 812 bytes, 4.2 KB, 31 MB. */
export function byteWords(bytes: number): string {
  let size = bytes;
  let unit = 0;
  while (size >= 1_000 && unit < UNITS.length - 1) {
    size /= 1_000;
    unit++;
  }
  const shown = unit === 0 || size >= 100 ? Math.round(size) : Math.round(size * 10) / 10;
  return `${countWords(shown)} ${unit === 0 && shown === 1 ? 'byte' : UNITS[unit]}`;
}
