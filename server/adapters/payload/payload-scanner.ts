import { setImmediate } from 'node:timers/promises';
import type { PayloadScanner, ScannedText } from '@/server/domain/ports';
import { DETECTORS, type Detected } from './detectors';
import { findSecrets } from './secrets';
import { type View, viewsOf } from './text-views';

/** Texts are read in pieces, so that others get their turn in between; what stands across a border is in the overlap. */
const CHUNK = 64 * 1024;
const OVERLAP = 4 * 1024;
/** More characters of one call than this are not read: the rest counts as not looked at. */
export const SCANNED_MAX = 768 * 1024;
const FINDINGS_MAX = 500;

async function scanView({ text, place }: View): Promise<Detected[]> {
  const found = [...(await findSecrets(text)), ...DETECTORS.flatMap((detect) => [...detect(text)])];
  return found.map((each) => {
    const [start, end] = place(each.start, each.end);
    return { ...each, start, end };
  });
}

/** One finding for one place: the same number is found again in every way of reading the text. */
function distinct(found: readonly Detected[]): Detected[] {
  const seen = new Set<string>();
  return [...found]
    .sort((a, b) => a.start - b.start || b.end - a.end)
    .filter((each) => {
      const key = `${each.start} ${each.end} ${each.class}`;
      return !seen.has(key) && seen.add(key);
    });
}

async function scanPiece(text: string, from: number): Promise<Detected[]> {
  const found: Detected[] = [];
  for (const view of viewsOf(text)) found.push(...(await scanView(view)));
  return found.map((each) => ({ ...each, start: each.start + from, end: each.end + from }));
}

/** Scans texts with libraries made for it, and through the encodings that hide data from a plain look. */
export function createPayloadScanner(): PayloadScanner {
  return {
    async scan(text: string): Promise<ScannedText> {
      const read = text.slice(0, SCANNED_MAX);
      const found: Detected[] = [];
      let failed = false;
      for (let from = 0; from < read.length; from += CHUNK) {
        if (from > 0) await setImmediate();
        try {
          found.push(...(await scanPiece(read.slice(from, from + CHUNK + OVERLAP), from)));
        } catch {
          failed = true;
        }
      }
      const findings = distinct(found);
      return {
        findings: findings.slice(0, FINDINGS_MAX),
        whole: !failed && read.length === text.length && findings.length <= FINDINGS_MAX,
      };
    },
  };
}
