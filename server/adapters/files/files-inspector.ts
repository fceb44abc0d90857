import { stat } from 'node:fs/promises';
import type { FilesParts } from '@/server/domain/catalog';
import type { TargetCheck, TargetFinding, TargetInspector } from '@/server/domain/ports';
import { treeRules } from './file-paths';
import { everything, findFiles } from './find-files';
import { Folder } from './folder';
import { readVersioned } from './git';
import { codeOf } from './tree-fault';

const COUNTED_MAX = 20_000;

/** Says what agents could reach in a tree and what stands in the way, by looking at names and sizes only. */
export class FilesInspector implements TargetInspector<FilesParts> {
  async inspect(target: FilesParts): Promise<TargetCheck> {
    const base = { serverVersion: null, role: null, columns: [] };
    let root: Folder | null = null;
    try {
      root = await Folder.root(target.root);
      const rules = treeRules(target);
      const found = await findFiles(root, rules, everything, COUNTED_MAX);
      const versioned = await readVersioned(target.root);
      const unclassified = found.paths.filter((path) => rules.classOf(path) === 'unclassified').length;
      let bytes = 0;
      for (const path of found.paths)
        bytes += (await stat(`${target.root}/${path}`).catch(() => null))?.size ?? 0;
      return {
        ...base,
        reachable: true,
        findings: findingsOf(target, { ...found, unclassified, isVersioned: versioned !== null }),
        tree: { files: found.paths.length, bytes, unclassified, git: versioned?.revision ?? null },
      };
    } catch (error) {
      const message = `The folder ${target.root} cannot be opened (${codeOf(error) || 'it cannot be read'}). Correct the root, or give the user Holdpoint runs as the right to read it.`;
      return {
        ...base,
        reachable: false,
        findings: [{ severity: 'error', code: 'root_unreachable', message }],
      };
    } finally {
      await root?.close();
    }
  }
}

function findingsOf(
  target: FilesParts,
  found: { paths: string[]; left: number; whole: boolean; unclassified: number; isVersioned: boolean },
): TargetFinding[] {
  const findings: TargetFinding[] = [];
  const say = (severity: TargetFinding['severity'], code: string, message: string) =>
    findings.push({ severity, code, message });
  if (!found.whole)
    say(
      'warning',
      'too_many_files',
      `There are more than ${COUNTED_MAX.toLocaleString('en')} files; narrow what can be reached with include and exclude.`,
    );
  if (found.paths.length === 0)
    say('warning', 'nothing_reachable', 'No file can be reached: include, exclude and hidden leave none.');
  if (!found.isVersioned && !target.readOnly) {
    say(
      'warning',
      'not_versioned',
      'It is in no git repository with a commit: nothing that is changed or deleted there can be undone.',
    );
  }
  if (found.unclassified > 0) {
    say(
      'warning',
      'unclassified_files',
      `Nobody has said what kind of data ${found.unclassified} of ${found.paths.length} files hold: they count as sensitive.`,
    );
  }
  if (found.left > 0)
    say(
      'info',
      'links_left',
      `${found.left} links or special files are in it; they are never followed nor touched.`,
    );
  return findings;
}
