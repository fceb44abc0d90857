import { setImmediate } from 'node:timers/promises';
import type { Directory } from '@/server/domain/directory';
import { OriginSource } from '@/server/domain/origin-source';
import type { OriginSources, SeenResult } from '@/server/domain/origins';
import { strictForm } from '@/server/domain/plain-form';
import type { Searched, SearchedResult } from '@/server/domain/trace-origins';

/** Memory that texts made ready may take over all runs; the ones not asked for the longest go first. */
const KEPT_BYTES = 96 * 1024 * 1024;
/** So much of what one run has read is searched, the newest first. */
const RUN_CHARACTERS_MAX = 16_000_000;

/** Texts that were made ready, by their content: a run asks for the same ones with every call. */
const kept = new Map<string, OriginSource>();
let keptBytes = 0;

function sourceOf(text: string): { source: OriginSource; isNew: boolean } {
  const known = kept.get(text);
  if (known !== undefined) {
    kept.delete(text);
    kept.set(text, known);
    return { source: known, isNew: false };
  }
  const source = new OriginSource(text);
  kept.set(text, source);
  keptBytes += source.bytes;
  for (const [oldest, { bytes }] of kept) {
    if (keptBytes <= KEPT_BYTES || oldest === text) break;
    kept.delete(oldest);
    keptBytes -= bytes;
  }
  return { source, isNew: true };
}

type Known = Searched['directory'];
const known = new WeakMap<Directory, Known>();

const wordsOf = (name: string): string[] => strictForm(name).match(/[\p{L}\p{M}\p{N}'’-]{3,}/gu) ?? [];

/** Names and addresses of everybody: a value that is one of them was not made up. */
function namesIn(directory: Directory): Known {
  const people = [...directory.people.values()];
  const bearers = new Map<string, number>();
  for (const word of people.flatMap((p) => [...new Set(wordsOf(p.name))]))
    bearers.set(word, (bearers.get(word) ?? 0) + 1);
  const names: [string, readonly string[] | null][] = [
    ...[...directory.groups.values()].flatMap((g) => [g.name, ...g.aliases]),
    ...people.filter((p) => p.kind === 'member').flatMap((p) => [p.email, p.name, ...p.aliases]),
  ].map((name) => [name, null]);
  for (const { email, name, aliases } of people.filter((p) => p.kind === 'guest')) {
    // “Mark” says who is meant only where nobody else is called so.
    const called = [email, name, ...aliases, ...wordsOf(name).filter((word) => bearers.get(word) === 1)];
    names.push(...[email, name, ...aliases].map((each): [string, readonly string[]] => [each, called]));
  }
  // What a guest and a member share vouches for neither: the guest's entry stands last.
  return new Map(names.map(([name, called]) => [strictForm(name), called]));
}

function knownIn(directory: Directory): Known {
  const names = known.get(directory) ?? namesIn(directory);
  known.set(directory, names);
  return names;
}

async function searchResults(
  results: readonly SeenResult[],
): Promise<{ searched: SearchedResult[]; whole: boolean }> {
  const searched: SearchedResult[] = [];
  let [characters, whole] = [0, true];
  for (const { tool, text, trusted } of results) {
    characters += text.length;
    if (characters > RUN_CHARACTERS_MAX) return { searched, whole: false };
    const { source, isNew } = sourceOf(text);
    whole &&= source.whole;
    searched.push({ tool, trusted, source });
    // Making a megabyte ready takes tens of milliseconds: others get their turn in between.
    if (isNew && text.length > 50_000) await setImmediate();
  }
  return { searched, whole };
}

/**
 * Makes everything a run was given and has read ready for being searched. Each text is read once, however many calls ask; what is too much to be
 * searched makes `whole` false.
 */
export async function searchSources(sources: OriginSources, directory: Directory): Promise<Searched> {
  const { searched, whole } = await searchResults(sources.results);
  return {
    goal: sources.goal === null ? null : sourceOf(JSON.stringify(sources.goal)).source,
    mandate: sources.mandate ? sourceOf(JSON.stringify(sources.mandate)).source : null,
    directory: knownIn(directory),
    results: searched,
    // Without a goal nobody has asked for anything.
    whole: whole && sources.goal !== null,
  };
}
