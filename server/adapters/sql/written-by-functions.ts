import { type CatalogFacts, NO_SEEDS, readFactsAhead } from './catalog-facts';
import type { Preparation } from './preparation';
import { isDatabaseError, type Session } from './session';

/** What a body seems to write. It is only asked about sooner by this: what was written, PostgreSQL's counters say. */
const WRITES =
  /\b(?:insert\s+into|update|delete\s+from|merge\s+into)\s+(?:only\s+)?((?:"[^"]+"|\w+)(?:\.(?:"[^"]+"|\w+))?)/gi;
const NO_TABLES: ReadonlySet<string> = new Set(['set', 'of', 'on', 'or', 'if', 'then']);

/** Facts about tables that functions in reach seem to write, asked for while the statement runs; null where there is nothing to ask, or it failed. */
export async function guessWritten(session: Session, prep: Preparation): Promise<CatalogFacts | null> {
  const writes = namesWritten(prep);
  if (writes.length === 0) return null;
  try {
    return await readFactsAhead(session, { ...NO_SEEDS, writes });
  } catch (error) {
    // Not every word is a table.
    if (!isDatabaseError(error)) throw error;
    return null;
  }
}

function namesWritten({ facts }: Preparation): string[] {
  const known = new Set(
    facts.relations.flatMap(({ written, name, schema }) => (written ? [name, `${schema}.${name}`] : [])),
  );
  const names = facts.functions
    .filter(({ language }) => language === 'sql' || language === 'plpgsql')
    .flatMap(({ source }) => [...(source ?? '').matchAll(WRITES)].flatMap(([, name]) => name ?? []));
  return [...new Set(names)].filter((name) => !known.has(name) && !NO_TABLES.has(name.toLowerCase()));
}
