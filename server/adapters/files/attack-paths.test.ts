import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createPayloadScanner } from '../payload/payload-scanner';
import { FilesAnalyzer } from './files-analyzer';
import { readFilesCall } from './files-call';
import { FilesExecutor } from './files-executor';
import { acceptAll, filesCall, filesTarget, makeTree } from './testing';

const clock = { now: () => new Date() };
const analyzer = new FilesAnalyzer(clock, createPayloadScanner());
const executor = new FilesExecutor(analyzer);
const problems = (args: Record<string, unknown>, extra = {}) => {
  const outcome = readFilesCall(filesCall(filesTarget('/srv/x', extra), args));
  return outcome.ok ? [] : outcome.problems.map((p) => p.pointer);
};

test.each([
  '../secret',
  'docs/../../secret',
  '/etc/passwd',
  '~/x',
  'C:/x',
  'docs\\..\\x',
  './x',
  'docs//x',
  'docs/',
  'docs/x\u0000.md',
  'docs/x\u202etxt',
  'docs/x\n',
  'x. ',
  'x.',
  '.git/config',
  'docs/.GIT/hooks/post-commit',
  'git~1/config',
  '.holdpoint-abc/journal.json',
  '.env',
  'docs/.hidden/x',
])('the path %j is refused without looking at the disk', (path) => {
  expect(problems({ operation: 'read', path })).toEqual(['/path']);
});

test('.git stays closed even where hidden names are open', () => {
  expect(problems({ operation: 'read', path: '.env' }, { hidden: true })).toEqual([]);
  expect(problems({ operation: 'read', path: '.git/config' }, { hidden: true })).toEqual(['/path']);
  expect(problems({ operation: 'write', path: '.\uff47it/config', content: '' }, { hidden: true })).toEqual([
    '/path',
  ]);
});

test.each(['../**', '**/../x', '/**', '{a,b}', '+(a|b)', '[a-z]*', '!x', '*a*b*c*d*e*f*g*'])(
  'the glob %j is refused',
  (glob) => {
    expect(problems({ operation: 'delete', glob })).toEqual(['/glob']);
  },
);

test('what a target leaves out cannot be named, and nothing is changed in one that is only read', () => {
  expect(problems({ operation: 'read', path: 'hr/x.md' }, { exclude: ['hr/**'] })).toEqual(['/path']);
  expect(problems({ operation: 'read', path: 'x.md' }, { include: ['docs/**'] })).toEqual(['/path']);
  expect(problems({ operation: 'move', path: 'a.md', to: 'hr/a.md' }, { exclude: ['hr/**'] })).toEqual([
    '/to',
  ]);
  expect(problems({ operation: 'delete', path: 'x.md' }, { readOnly: true })).toEqual(['/operation']);
});

test('each operation takes its own arguments and no others', () => {
  expect(problems({ operation: 'delete' })).toEqual(['']);
  expect(problems({ operation: 'delete', path: 'a', glob: '*' })).toEqual(['']);
  expect(problems({ operation: 'write', path: 'a' })).toEqual(['/content']);
  expect(problems({ operation: 'write', glob: '*', content: '' })).toEqual(['']);
  expect(problems({ operation: 'delete', path: 'a', content: 'x' })).toEqual(['/content']);
  expect(problems({ operation: 'chmod', path: 'a' })).toEqual(['/operation']);
});

test('a link is never followed, at the end or on the way, whether it leads out or not', async () => {
  const outside = makeTree({ 'secret.txt': 'secret' });
  const root = makeTree({ 'docs/a.md': 'a' });
  symlinkSync(join(outside, 'secret.txt'), join(root, 'link.txt'));
  symlinkSync(outside, join(root, 'folder'));
  symlinkSync(join(root, 'docs'), join(root, 'inside'));
  const target = filesTarget(root);
  for (const path of ['link.txt', 'folder/secret.txt', 'inside/a.md']) {
    for (const args of [
      { operation: 'read', path },
      { operation: 'delete', path },
      { operation: 'write', path, content: 'x' },
    ]) {
      const { footprint, images } = await analyzer.measure(filesCall(target, args));
      expect(footprint.forbidden?.rule).toBe('file_escape');
      expect(images).toEqual([]);
      expect(await executor.run(filesCall(target, args), acceptAll())).toMatchObject({
        kind: 'failed',
        error: { code: 'forbidden' },
      });
    }
  }
  const all = await analyzer.measure(filesCall(target, { operation: 'read', glob: '**' }));
  expect(all.images.map((i) => i.resource)).toEqual(['docs/a.md']);
});

test('pipes, devices and files linked from elsewhere are refused, and waiting for a pipe never begins', async () => {
  const outside = makeTree({ 'secret.txt': 'secret' });
  const root = makeTree({ 'a.md': 'a' });
  execFileSync('mkfifo', [join(root, 'pipe')]);
  linkSync(join(outside, 'secret.txt'), join(root, 'hard.txt'));
  for (const path of ['pipe', 'hard.txt']) {
    const { footprint } = await analyzer.measure(filesCall(filesTarget(root), { operation: 'read', path }));
    expect(footprint.forbidden?.rule).toBe('file_escape');
  }
});

test('a folder exchanged for a link between looking and acting leads nowhere', async () => {
  const outside = makeTree({ 'a.md': 'outside' });
  const root = makeTree({ 'docs/a.md': 'inside' });
  const call = filesCall(filesTarget(root), { operation: 'delete', path: 'docs/a.md' });
  const outcome = await executor.run(
    call,
    acceptAll({
      beforeCommit: async () => {
        renameSync(join(root, 'docs'), join(root, 'was'));
        symlinkSync(outside, join(root, 'docs'));
        return true;
      },
    }),
  );
  expect(outcome).toMatchObject({ kind: 'drifted' });
  expect(execFileSync('cat', [join(outside, 'a.md')]).toString()).toBe('outside');
  expect(execFileSync('cat', [join(root, 'was/a.md')]).toString()).toBe('inside');
});

test('a file exchanged for a link or for other content between looking and acting is left as it is', async () => {
  const outside = makeTree({ 'a.md': 'outside' });
  for (const operation of ['delete', 'write', 'append', 'move']) {
    const root = makeTree({ 'a.md': 'inside' });
    const more = operation === 'move' ? { to: 'b.md' } : operation === 'delete' ? {} : { content: 'x' };
    const exchange = async () => {
      writeFileSync(join(root, 'a.md'), 'changed');
      return true;
    };
    const outcome = await executor.run(
      filesCall(filesTarget(root), { operation, path: 'a.md', ...more }),
      acceptAll({ beforeCommit: exchange }),
    );
    expect(outcome).toMatchObject({ kind: 'drifted' });
    expect(execFileSync('ls', ['-A', root]).toString()).toBe('a.md\n');
    expect(execFileSync('cat', [join(root, 'a.md')]).toString()).toBe('changed');
  }
  expect(execFileSync('cat', [join(outside, 'a.md')]).toString()).toBe('outside');
});

test('a name spelled with other capitals is another file', async () => {
  const root = makeTree({ 'Readme.md': 'x' });
  const { footprint } = await analyzer.measure(
    filesCall(filesTarget(root), { operation: 'read', path: 'README.md' }),
  );
  expect(footprint.unknowns.map((u) => u.code)).toEqual(['rehearsal_failed']);
});

test('more files or bytes than a call may touch are unknown, not cut short', async () => {
  const root = makeTree(
    Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`d/${i}.md`, 'x'.repeat(100)])),
  );
  const few = { files: 10, bytes: 1_000_000 };
  const small = { files: 100, bytes: 500 };
  for (const limits of [few, small]) {
    const { footprint } = await analyzer.measure(
      filesCall(filesTarget(root, { limits }), { operation: 'delete', glob: '**' }),
    );
    expect(footprint).toMatchObject({ items: [], subjects: null });
    expect(footprint.unknowns.map((u) => u.code)).toEqual(['rehearsal_refused']);
    expect(
      await executor.run(
        filesCall(filesTarget(root, { limits }), { operation: 'delete', glob: '**' }),
        acceptAll(),
      ),
    ).toMatchObject({ kind: 'failed' });
  }
});

test('a repository cannot make git run anything while files are measured', async () => {
  const root = makeTree({ 'a.md': 'a', '.gitattributes': '* filter=evil\n' });
  execFileSync('git', ['init', '-q'], { cwd: root });
  const marker = join(root, 'ran');
  for (const key of ['filter.evil.clean', 'filter.evil.smudge', 'core.fsmonitor', 'core.pager']) {
    execFileSync('git', ['config', key, `touch ${marker}; cat`], { cwd: root });
  }
  mkdirSync(join(root, 'sub'));
  execFileSync(
    'git',
    [
      '-c',
      'core.fsmonitor=false',
      '-c',
      'user.name=t',
      '-c',
      'user.email=t@e.x',
      'commit',
      '-q',
      '--allow-empty',
      '-m',
      'x',
    ],
    { cwd: root },
  );
  await analyzer.measure(filesCall(filesTarget(root), { operation: 'delete', path: 'a.md' }));
  expect(execFileSync('ls', [root]).toString()).not.toContain('ran');
});
