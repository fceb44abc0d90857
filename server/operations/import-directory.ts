import { z } from 'zod';
import type { DirectoryFile, LineProblem } from '@/server/domain/directory-file';
import type { DirectoryImport } from '@/server/domain/directory-views';
import { accept, type InputProblem, type Outcome } from '@/server/domain/refusal';
import type { ReviewerScope } from '@/server/domain/scopes';
import { refuseUnlessAdministrator } from './administrators';
import { type ApplyResult, applyDocument, type OperatorScope } from './apply-document';
import type { Deps } from './deps';
import { FILE_MAX, readDirectoryFile } from './read-directory-file';

export const importDirectoryInput = z.strictObject({
  name: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .regex(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]*$/u, 'Remove control and invisible characters.'),
  text: z.string().max(FILE_MAX * 2),
  dryRun: z.boolean().default(true),
});

const LISTED_MAX = 500;

/** The line of the entry a problem is in; what is about the file as a whole stands on line 1. */
function lineOf(file: DirectoryFile, { pointer, message }: InputProblem): LineProblem {
  const found = file.lines.find(
    (entry) => pointer === entry.pointer || pointer.startsWith(`${entry.pointer}/`),
  );
  return { line: found?.line ?? 1, message };
}

const nothing = (problems: LineProblem[]): DirectoryImport => ({
  applied: false,
  created: 0,
  updated: 0,
  disabled: 0,
  unchanged: 0,
  changes: [],
  problems: problems.slice(0, LISTED_MAX),
  moreProblems: Math.max(0, problems.length - LISTED_MAX),
});

function report(result: ApplyResult, applied: boolean): DirectoryImport {
  const count = (word: string) => result.changes.filter((c) => c.change === word).length;
  return {
    ...nothing([]),
    applied,
    created: count('create'),
    updated: count('update'),
    disabled: count('remove'),
    unchanged: count('unchanged'),
    changes: result.changes.filter((c) => c.change !== 'unchanged').slice(0, LISTED_MAX),
  };
}

/**
 * Reads people, groups and channels from a file and says line by line what is wrong, or what it would create, change and disable; without
 * `dryRun` it does all of it in one transaction. While a single line is wrong nothing is written: a directory with holes would make
 * audiences look smaller than they are.
 */
export async function importDirectory(
  deps: Pick<Deps, 'db' | 'vault' | 'inspector' | 'clock'>,
  author: ReviewerScope | OperatorScope,
  input: z.infer<typeof importDirectoryInput>,
): Promise<Outcome<DirectoryImport>> {
  const refused = author.kind === 'reviewer' ? refuseUnlessAdministrator(author) : null;
  if (refused !== null) return refused;
  const file = readDirectoryFile(input);
  if (!file.ok) return file;
  const { part, problems } = file.value;
  const document = { apiVersion: 'holdpoint/v1', ...part };
  // Also when lines are wrong already: whoever corrects a file wants to hear everything at once.
  const dryRun = input.dryRun || problems.length > 0;
  const applied = await applyDocument(deps, author, { document, dryRun }, { name: input.name });
  if (applied.ok) return accept(problems.length > 0 ? nothing(problems) : report(applied.value, !dryRun));
  if (applied.problems === undefined || applied.code !== 'document_invalid') return applied;
  const further = applied.problems.map((problem) => lineOf(file.value, problem));
  return accept(nothing([...problems, ...further].sort((a, b) => a.line - b.line)));
}
