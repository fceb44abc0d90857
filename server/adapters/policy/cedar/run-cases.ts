import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import type { PolicyCaseEntry } from '@/server/domain/policy-set';
import type { PolicyEngine } from '@/server/domain/ports';
import type { Verdict } from '@/server/domain/verdict';
import { type PolicyCase, readCase } from './case-file';

const VERDICTS = ['allow', 'hold', 'deny'] as const;

/** Where the cases of the policies that ship with Holdpoint are. */
export const DEFAULT_CASES = fileURLToPath(new URL('./cases', import.meta.url));

/** The cases that ship, as they are written. */
export const readCaseEntries = (folder = DEFAULT_CASES): PolicyCaseEntry[] =>
  VERDICTS.flatMap((verdict) =>
    readdirSync(join(folder, verdict))
      .filter((file) => file.endsWith('.json'))
      .sort()
      .map((file) => ({
        name: file.replace(/\.json$/, ''),
        verdict,
        text: readFileSync(join(folder, verdict, file), 'utf8'),
      })),
  );

export type CaseResult = { case: PolicyCase; verdict: Verdict; faults: string[] };

/** Every case of a folder of `allow`, `hold` and `deny`. Throws naming the file that cannot be read. */
export function readCases(folder: string): PolicyCase[] {
  return VERDICTS.flatMap((verdict) =>
    readdirSync(join(folder, verdict))
      .filter((file) => file.endsWith('.json'))
      .sort()
      .map((file) => {
        try {
          const json: unknown = JSON.parse(readFileSync(join(folder, verdict, file), 'utf8'));
          return readCase(file.replace(/\.json$/, ''), verdict, json);
        } catch (error) {
          throw new Error(`${verdict}/${file}: ${error instanceof Error ? error.message : String(error)}`);
        }
      }),
  );
}

/** How an answer differs from what a case expects. */
export function faultsOfCase({ verdict: expected, expect }: PolicyCase, verdict: Verdict): string[] {
  const faults: string[] = [];
  const compare = (what: string, wanted: unknown, got: unknown) => {
    if (!isDeepStrictEqual(wanted, got)) {
      faults.push(`${what}: expected ${JSON.stringify(wanted)}, got ${JSON.stringify(got)}`);
    }
  };
  compare('verdict', expected, verdict.verdict);
  compare('policies', [...expect.policies].sort(), verdict.rules.map((r) => r.id).sort());
  const obligation = verdict.verdict === 'hold' ? verdict.obligation : null;
  for (const key of ['quorum', 'reviewers', 'expirySeconds'] as const) {
    if (expect[key] !== undefined) compare(key, expect[key], obligation?.[key]);
  }
  return faults;
}

/** Judges every case and says how each differs from what it expects; no faults means it holds. */
export const runCases = (engine: PolicyEngine, cases: readonly PolicyCase[]): CaseResult[] =>
  cases.map((one) => {
    const verdict = engine.evaluate(one.facts);
    return { case: one, verdict, faults: faultsOfCase(one, verdict) };
  });

/** Policies that no case expects: nobody would notice if they stopped working. */
export function withoutCase(ids: readonly string[], cases: readonly PolicyCase[]): string[] {
  const expected = new Set(cases.flatMap((c) => c.expect.policies));
  return ids.filter((id) => !expected.has(id));
}
