import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { blastRadius } from '@/server/domain/blast-radius';
import { footprintDigest } from '@/server/domain/footprint-digest';
import type { RunOptions } from '@/server/domain/ports';
import { sentenceFor } from '@/server/domain/sentence';
import { NOWHERE } from '@/server/domain/surroundings';
import { createPayloadScanner } from '../payload/payload-scanner';
import { planFiles } from './file-plan';
import { FilesAnalyzer } from './files-analyzer';
import { readFilesCall } from './files-call';
import { FilesExecutor } from './files-executor';
import { Folder } from './folder';
import { beginJournal, closeJournal } from './journal';
import { acceptAll, commitAll, filesCall, filesTarget, makeTree } from './testing';

const analyzer = new FilesAnalyzer({ now: () => new Date() }, createPayloadScanner());
const executor = new FilesExecutor(analyzer);
const read = (root: string, path: string) => readFileSync(join(root, path), 'utf8');

test('counts, bytes, classes and what git could bring back are exact', async () => {
  const root = makeTree({ 'docs/a.md': 'aaaa', 'docs/b.md': 'bb', 'docs/c.txt': 'c', 'people/x.md': 'x' });
  commitAll(root);
  writeFileSync(join(root, 'docs/b.md'), 'changed');
  const target = filesTarget(root, { classes: { '**': 'internal', 'people/**': 'personal' } });
  const { footprint } = await analyzer.measure(filesCall(target, { operation: 'delete', glob: '**/*.md' }));
  expect(footprint.items).toMatchObject([
    {
      operation: 'delete',
      count: 2,
      bytes: 5,
      reversible: true,
      classes: ['internal', 'personal'],
      git: { paths: ['docs/a.md', 'people/x.md'] },
    },
    { operation: 'delete', count: 1, bytes: 7, reversible: false },
  ]);
  expect(footprint).toMatchObject({ subjects: null, method: 'inspected', readOnly: false, unknowns: [] });
  const radius = blastRadius(footprint);
  expect(radius).toMatchObject({ rowsDeleted: 3, reversible: false, things: 'files' });
  expect(sentenceFor('handbook.files', footprint, radius)).toBe(
    'Delete 2 files in handbook and delete 1 file in handbook: personal data of an unknown number of people. Cannot be undone.',
  );
});

test('without git everything replaced or deleted is gone for good, and what is new is not', async () => {
  const root = makeTree({ 'a.md': 'a' });
  const of = async (args: Record<string, unknown>) =>
    (await analyzer.measure(filesCall(filesTarget(root), args))).footprint.items;
  expect(await of({ operation: 'delete', path: 'a.md' })).toMatchObject([{ reversible: false }]);
  expect(await of({ operation: 'write', path: 'a.md', content: 'b' })).toMatchObject([
    { operation: 'update', reversible: false },
  ]);
  expect(await of({ operation: 'write', path: 'b.md', content: 'b' })).toMatchObject([
    { operation: 'insert', reversible: true },
  ]);
  expect(await of({ operation: 'move', path: 'a.md', to: 'c.md' })).toMatchObject([
    { operation: 'update', reversible: true, note: 'becomes c.md' },
  ]);
});

test('reviewers see text before and after, and only sizes of what is no text', async () => {
  const root = makeTree({ 'a.md': 'old\n', 'b.bin': Buffer.from([0, 1, 2]) });
  const changed = await analyzer.measure(
    filesCall(filesTarget(root), { operation: 'append', path: 'a.md', content: 'new\n' }),
  );
  expect(changed.images).toEqual([
    {
      resource: 'a.md',
      operation: 'update',
      key: 'a.md',
      before: { bytes: 4, content: 'old\n' },
      after: { bytes: 8, content: 'old\nnew\n' },
    },
  ]);
  expect(changed.footprint.columnClasses).toMatchObject({ 'a.md': { content: 'internal' } });
  const binary = await analyzer.measure(filesCall(filesTarget(root), { operation: 'delete', path: 'b.bin' }));
  expect(binary.images[0]?.before).toEqual({ bytes: 3 });
});

test('the same files give the same digest; another content, another file or another mode does not', async () => {
  const root = makeTree({ 'a.md': 'a', 'b.md': 'b' });
  const digest = async () =>
    footprintDigest(
      (await analyzer.measure(filesCall(filesTarget(root), { operation: 'delete', glob: '*.md' }))).footprint,
    );
  const first = await digest();
  expect(await digest()).toBe(first);
  chmodSync(join(root, 'b.md'), 0o600);
  expect(await digest()).not.toBe(first);
  chmodSync(join(root, 'b.md'), 0o644);
  writeFileSync(join(root, 'b.md'), 'c');
  expect(await digest()).not.toBe(first);
  writeFileSync(join(root, 'b.md'), 'b');
  writeFileSync(join(root, 'c.md'), 'c');
  expect(await digest()).not.toBe(first);
});

test('files nobody classified count as sensitive', async () => {
  const root = makeTree({ 'a.md': 'a' });
  const { footprint } = await analyzer.measure(
    filesCall(filesTarget(root, { classes: {} }), { operation: 'read', path: 'a.md' }),
  );
  expect(footprint.items).toMatchObject([{ classes: ['unclassified'], subjects: null }]);
  expect(footprint.unknowns.map((u) => u.code)).toEqual(['unclassified_columns']);
});

test('each operation does what was shown and nothing else, and leaves nothing behind', async () => {
  const root = makeTree({ 'a.md': 'a', 'd/x.md': 'x', 'd/y.md': 'y', 'keep.txt': 'k' });
  chmodSync(join(root, 'a.md'), 0o640);
  const run = (args: Record<string, unknown>) =>
    executor.run(filesCall(filesTarget(root), args), acceptAll());
  expect(await run({ operation: 'write', path: 'a.md', content: 'aa' })).toMatchObject({
    kind: 'succeeded',
    result: { count: 1 },
  });
  expect(read(root, 'a.md')).toBe('aa');
  expect(statSync(join(root, 'a.md')).mode & 0o777).toBe(0o640);
  await run({ operation: 'append', path: 'a.md', content: 'bb' });
  expect(read(root, 'a.md')).toBe('aabb');
  await run({ operation: 'append', path: 'new/deep/f.md', content: 'f' });
  expect(read(root, 'new/deep/f.md')).toBe('f');
  await run({ operation: 'move', path: 'a.md', to: 'moved/a.md' });
  expect(existsSync(join(root, 'a.md'))).toBe(false);
  expect(read(root, 'moved/a.md')).toBe('aabb');
  expect(await run({ operation: 'delete', glob: 'd/*.md' })).toMatchObject({
    kind: 'succeeded',
    result: { count: 2 },
  });
  expect(readdirSync(root).sort()).toEqual(['d', 'keep.txt', 'moved', 'new']);
  expect(readdirSync(join(root, 'd'))).toEqual([]);
});

test('the agent gets what it read, typed and cut at the limit', async () => {
  const root = makeTree({ 'a.md': 'text', 'b.bin': Buffer.from([255, 0]), 'z.md': 'z'.repeat(300_000) });
  const outcome = await executor.run(
    filesCall(filesTarget(root), { operation: 'read', glob: '*' }),
    acceptAll(),
  );
  expect(outcome).toMatchObject({
    kind: 'succeeded',
    result: {
      files: [
        { path: 'a.md', bytes: 4, text: 'text' },
        { path: 'b.bin', base64: '/wA=' },
      ],
      count: 3,
      truncated: true,
    },
  });
  const list = await executor.run(
    filesCall(filesTarget(root), { operation: 'list', glob: '**' }),
    acceptAll(),
  );
  expect(list).toMatchObject({
    result: {
      files: [
        { path: 'a.md', bytes: 4 },
        { path: 'b.bin', bytes: 2 },
        { path: 'z.md', bytes: 300_000 },
      ],
      truncated: false,
    },
  });
  expect(JSON.stringify(list)).not.toContain('text');
});

test('nothing is touched when what is there is not what was approved, or a halt came first', async () => {
  const root = makeTree({ 'a.md': 'a' });
  const call = filesCall(filesTarget(root), { operation: 'delete', path: 'a.md' });
  const run = (extra: Partial<RunOptions>) => executor.run(call, acceptAll(extra));
  expect(await run({ accept: () => false })).toMatchObject({ kind: 'drifted' });
  expect(await run({ beforeCommit: async () => false })).toEqual({ kind: 'stopped' });
  expect(await run({ signal: AbortSignal.abort() })).toMatchObject({
    kind: 'failed',
    error: { code: 'aborted' },
  });
  expect(readdirSync(root)).toEqual(['a.md']);
});

test('one file of many that is not as approved takes all of it back', async () => {
  const root = makeTree({ 'a.md': 'a', 'b.md': 'b', 'c.md': 'c' });
  const call = filesCall(filesTarget(root), { operation: 'delete', glob: '*.md' });
  const outcome = await executor.run(
    call,
    acceptAll({
      beforeCommit: async () => {
        writeFileSync(join(root, 'c.md'), 'other');
        return true;
      },
    }),
  );
  expect(outcome).toMatchObject({ kind: 'drifted' });
  expect([read(root, 'a.md'), read(root, 'b.md'), read(root, 'c.md')]).toEqual(['a', 'b', 'other']);
  expect(readdirSync(root).sort()).toEqual(['a.md', 'b.md', 'c.md']);
});

test('nothing is moved over a file that exists, also when it came in the last moment', async () => {
  const root = makeTree({ 'a.md': 'a', 'b.md': 'b' });
  const call = filesCall(filesTarget(root), { operation: 'move', path: 'a.md', to: 'b.md' });
  expect((await analyzer.measure(call)).footprint.unknowns.map((u) => u.code)).toEqual(['rehearsal_failed']);
  const late = filesCall(filesTarget(root), { operation: 'move', path: 'a.md', to: 'n/c.md' });
  const outcome = await executor.run(
    late,
    acceptAll({
      beforeCommit: async () => {
        mkdirSync(join(root, 'n'));
        writeFileSync(join(root, 'n/c.md'), 'c');
        return true;
      },
    }),
  );
  expect(outcome).toMatchObject({ kind: 'drifted' });
  expect([read(root, 'a.md'), read(root, 'n/c.md')]).toEqual(['a', 'c']);
});

test('after a crash half-way the tree itself tells what was done', async () => {
  const root = makeTree({ 'a.md': 'a', 'b.md': 'b', 'c.md': 'c' });
  const call = filesCall(filesTarget(root), { operation: 'delete', glob: '*.md' });
  const parsed = readFilesCall(call);
  if (!parsed.ok) throw new Error('not readable');
  const plan = await planFiles(parsed.files);
  const name = '.holdpoint-00000000-0000-4000-8000-000000000000';
  const evidence = `files ${name}`;
  expect(await executor.lookUp(call, evidence)).toBe('unknown');
  const tree = await Folder.root(root);
  const store = await tree.make(name, 0o700);
  expect(await executor.lookUp(call, evidence)).toBe('aborted');
  await beginJournal(store, plan.changes);
  expect(await executor.lookUp(call, evidence)).toBe('aborted');
  const { renameSync } = await import('node:fs');
  renameSync(join(root, 'a.md'), join(root, name, '0.old'));
  expect(await executor.lookUp(call, evidence)).toBe(
    `partly: 1 of 3 files changed before it stopped; what was replaced is kept in ${name} under the root`,
  );
  await closeJournal(store);
  expect(await executor.lookUp(call, evidence)).toBe('committed');
  await store.close();
  await tree.close();
  expect(await executor.lookUp(call, 'files ../../etc')).toBe('unknown');
});

test('what is written is scanned, and guards content that stands in an open place', async () => {
  const root = makeTree({ 'docs/a.md': 'a' });
  const target = filesTarget(root, { classes: { '**': 'internal' } });
  const call = filesCall(target, {
    operation: 'write',
    path: 'docs/a.md',
    content: 'IBAN DE89 3704 0044 0532 0130 00',
  });
  const searched = { goal: null, mandate: null, directory: new Map(), results: [], whole: true };
  const { footprint } = await analyzer.measure(call, { around: NOWHERE, searched });
  expect(footprint.payload?.findings).toMatchObject([{ pointer: '/content', start: 5, detector: 'iban' }]);
  expect(footprint.columnClasses?.['docs/a.md']?.content).toBe('financial');
});

test('what was done is taken back from git, file by file: content, rights, names, and what was new goes', async () => {
  const root = makeTree({ 'a.sh': 'old', 'b.md': 'gone', 'c.md': 'moved', 'd.md': 'kept' });
  chmodSync(join(root, 'a.sh'), 0o755);
  commitAll(root);
  const target = filesTarget(root);
  const steps: unknown[] = [];
  for (const args of [
    { operation: 'write', path: 'a.sh', content: 'new' },
    { operation: 'delete', path: 'b.md' },
    { operation: 'move', path: 'c.md', to: 'x/c.md' },
    { operation: 'write', path: 'e.md', content: 'fresh' },
  ]) {
    const done = await executor.run(filesCall(target, args), acceptAll());
    if (done.kind !== 'succeeded') throw new Error(done.kind);
    const plan = done.measurement.undo?.();
    expect(plan).toMatchObject({ possible: true, rows: 1, left: [] });
    if (plan?.possible) steps.push(...(plan.args.files as unknown[]));
  }
  chmodSync(join(root, 'a.sh'), 0o644);
  const undo = {
    ...filesCall(target, { operation: 'restore', files: steps, undoes: 'act_1', values: 'x' }),
    values: [],
  };
  const { footprint } = await analyzer.measure(undo);
  expect(footprint.items.map((i) => [i.operation, i.count]).sort()).toEqual([
    ['delete', 1],
    ['insert', 1],
    ['update', 1],
    ['update', 1],
  ]);
  expect((await executor.run(undo, acceptAll())).kind).toBe('succeeded');
  expect([
    read(root, 'a.sh'),
    read(root, 'b.md'),
    read(root, 'c.md'),
    existsSync(join(root, 'e.md')),
  ]).toEqual(['old', 'gone', 'moved', false]);
  expect(statSync(join(root, 'a.sh')).mode & 0o777).toBe(0o755);
});

test('without git nothing that was replaced can be taken back, and files that changed since stay', async () => {
  const root = makeTree({ 'a.md': 'old' });
  const target = filesTarget(root);
  const done = await executor.run(
    filesCall(target, { operation: 'write', path: 'a.md', content: 'new' }),
    acceptAll(),
  );
  if (done.kind !== 'succeeded') throw new Error(done.kind);
  expect(done.measurement.undo?.()).toMatchObject({ possible: false });
  const made = await executor.run(
    filesCall(target, { operation: 'write', path: 'b.md', content: 'b' }),
    acceptAll(),
  );
  const plan = made.kind === 'succeeded' ? made.measurement.undo?.() : undefined;
  if (plan?.possible !== true) throw new Error('what is new can go again');
  writeFileSync(join(root, 'b.md'), 'somebody else');
  const undo = { ...filesCall(target, { ...plan.args, undoes: 'act_1', values: 'x' }), values: [] };
  const { footprint } = await analyzer.measure(undo);
  expect(footprint.items).toMatchObject([
    { count: 0, note: 'all of them have changed since, and stay as they are' },
  ]);
  expect((await executor.run(undo, acceptAll())).kind).toBe('succeeded');
  expect(read(root, 'b.md')).toBe('somebody else');
});

test('the steps of an undo reach nothing outside the tree, and git is asked for nothing but whole names', async () => {
  const root = makeTree({ 'a.md': 'a' });
  commitAll(root);
  const sha = 'a'.repeat(40);
  for (const step of [
    { path: '../a.md', is: null, was: sha, mode: 0o644 },
    { path: '.git/config', is: null, was: sha, mode: 0o644 },
    { path: 'b.md', is: null, was: 'HEAD:a.md', mode: 0o644 },
    { path: 'b.md', is: null, was: sha, mode: 0o644, to: '/etc/x' },
  ]) {
    const call = { ...filesCall(filesTarget(root), { operation: 'restore', files: [step] }), values: [] };
    expect(analyzer.check(call)).not.toEqual([]);
  }
  const unknown = { path: 'b.md', is: null, was: sha, mode: 0o644 };
  const call = { ...filesCall(filesTarget(root), { operation: 'restore', files: [unknown] }), values: [] };
  expect((await analyzer.measure(call)).footprint.unknowns).toMatchObject([{ code: 'rehearsal_refused' }]);
});
