import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { hashOf } from '@/server/domain/canonical';
import type { FilesTarget, ToolDefinition } from '@/server/domain/catalog';
import type { PlannedCall, RunOptions } from '@/server/domain/ports';
import { NOWHERE } from '@/server/domain/surroundings';
import { filesLimits } from '@/server/domain/target-settings';

/** A real tree with these files; its path is a folder of its own. */
export function makeTree(files: Readonly<Record<string, string | Buffer>>): string {
  const root = mkdtempSync(join(tmpdir(), 'holdpoint-tree-'));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return root;
}

/** Commits everything that is there now. */
export function commitAll(root: string): void {
  const git = (...args: string[]) =>
    execFileSync(
      'git',
      ['-c', 'user.name=t', '-c', 'user.email=t@example.com', '-c', 'init.defaultBranch=main', ...args],
      { cwd: root, stdio: 'pipe' },
    );
  git('init', '-q');
  git('add', '-A');
  git('commit', '-qm', 'everything');
}

export function filesTarget(root: string, extra: Partial<FilesTarget> = {}): FilesTarget {
  const parts = {
    kind: 'files' as const,
    root,
    include: ['**'],
    exclude: [],
    classes: { '**': 'internal' },
    hidden: false,
    readOnly: false,
    limits: filesLimits.parse({}),
    ...extra,
  };
  return { id: 'tgt_f', workspaceId: 'ws_1', name: 'handbook', definitionHash: hashOf(parts), ...parts };
}

export function filesCall(target: FilesTarget, args: Record<string, unknown>): PlannedCall {
  const tool: ToolDefinition = {
    id: 'tool_f',
    workspaceId: 'ws_1',
    name: 'handbook.files',
    description: '',
    kind: 'files',
    execution: 'broker',
    inputSchema: {},
    effects: [],
    target,
    definitionHash: 'tool-hash',
  };
  return { tool, args };
}

export const acceptAll = (extra: Partial<RunOptions> = {}): RunOptions => ({
  around: NOWHERE,
  accept: () => true,
  beforeCommit: async () => true,
  deadlineMs: 10_000,
  ...extra,
});
