import picomatch from 'picomatch';
import type { FilesSettings } from '@/server/domain/target-settings';

/** Folders Holdpoint keeps what it is about to replace in, and version control's own: no agent ever reaches them, in any spelling. */
const ALWAYS_CLOSED = /^(?:\.git|git~\d+|\.holdpoint-.*)$/i;

/** Why a path cannot name a file of a tree; null when it can. Says nothing about what is there. */
export function pathFault(path: string): string | null {
  if (path.startsWith('/') || /^[a-z]:/i.test(path) || path.startsWith('~'))
    return 'must be relative to the root';
  if (path.includes('\\')) return 'must use / between folders';
  if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(path)) return 'holds control or invisible characters';
  const segments = path.split('/');
  if (segments.length > 40) return 'is nested too deeply';
  for (const segment of segments) {
    if (segment === '') return 'has an empty part';
    if (segment === '.' || segment === '..') return 'must not hold . or ..';
    if (Buffer.byteLength(segment) > 255) return 'has a part that is too long';
    if (/[ .]$/.test(segment)) return 'has a part that ends with a space or a dot';
    if (ALWAYS_CLOSED.test(segment.normalize('NFKC'))) return 'names a folder that is never reached';
  }
  return null;
}

/** Stars, question marks and names: what matches in linear time whatever an agent writes. */
export function globFault(glob: string): string | null {
  if (/[[\]{}()!+@|]/.test(glob)) return 'may hold names, *, ** and ? only';
  if ((glob.match(/\*+/g) ?? []).length > 6) return 'holds too many stars';
  return pathFault(glob.replace(/[*?]/g, 'x'));
}

type Matcher = (path: string) => boolean;
const matcherOf = (glob: string): Matcher => picomatch(glob, { dot: true, nonegate: true });

/** What of a tree can be reached, and of which class each file is. */
export type TreeRules = { reaches: Matcher; classOf(path: string): string };

/** The rules of a target. The longest glob that matches says what a file holds; one nobody described is `unclassified`. */
export function treeRules(
  target: Pick<FilesSettings, 'include' | 'exclude' | 'classes' | 'hidden'>,
): TreeRules {
  const include = target.include.map(matcherOf);
  const exclude = target.exclude.map(matcherOf);
  const classes = Object.entries(target.classes)
    .sort(([a], [b]) => b.length - a.length || (a < b ? -1 : 1))
    .map(([glob, name]) => ({ matches: matcherOf(glob), name }));
  return {
    reaches(path) {
      if (pathFault(path) !== null) return false;
      if (!target.hidden && path.split('/').some((part) => part.startsWith('.'))) return false;
      return include.some((matches) => matches(path)) && !exclude.some((matches) => matches(path));
    },
    classOf: (path) => classes.find(({ matches }) => matches(path))?.name ?? 'unclassified',
  };
}

/** A matcher for an agent's own glob, which `globFault` found nothing wrong with. */
export const agentGlob = (glob: string): Matcher =>
  picomatch(glob, { dot: true, nonegate: true, nobrace: true, noextglob: true });
