/** Characters a path may hold unencoded, without `;`, at which some servers cut a segment off. */
const PLAIN = /^[A-Za-z0-9\-._~!$&'()*+,=:@%/]*$/;

type Segments = { ok: true; segments: string[] } | { ok: false; fault: string };
const fault = (text: string): Segments => ({ ok: false, fault: text });

/** Whether a decoded segment means itself to every server: no step up, no separator in disguise, nothing invisible. */
export function segmentFault(text: string): string | null {
  if (text === '') return 'is empty';
  if (text === '.' || text === '..') return 'is a step to another folder';
  if (/[/\\]/.test(text)) return 'holds a slash';
  if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(text)) return 'holds control or invisible characters';
  if (/%[0-9a-f]{2}/i.test(text)) return 'is encoded twice';
  // Full-width dots and slashes become plain ones in some servers.
  return text.normalize('NFKC') === text ? null : 'holds characters that servers read in different ways';
}

/**
 * The segments of a path, decoded once. Whatever servers and proxies disagree about is refused: dot segments, encoded slashes, double encoding,
 * empty segments, addresses in place of paths.
 */
export function readPath(path: string): Segments {
  if (!path.startsWith('/'))
    return fault('must begin with / and name only the path; the host is the target’s');
  if (path.startsWith('//') || path.includes('\\')) return fault('must be a path, not an address');
  if (/[?#]/.test(path)) return fault('must not hold ? or #; parameters belong into query');
  if (!PLAIN.test(path)) return fault('holds characters that must be percent-encoded');
  if (path === '/') return { ok: true, segments: [] };
  const segments: string[] = [];
  for (const raw of path.slice(1).split('/')) {
    let text: string;
    try {
      text = decodeURIComponent(raw);
    } catch {
      return fault('holds a percent sign that encodes nothing');
    }
    const wrong = segmentFault(text);
    if (wrong !== null) return fault(`has a segment that ${wrong}`);
    segments.push(text);
  }
  return { ok: true, segments };
}
