import { expect, test } from 'vitest';
import { describeProblems, describeResult } from './plan-words';

test('a plan shows each change with its mark, keys once, warnings, and true totals', () => {
  const text = describeResult(
    {
      changes: [
        { kind: 'agent', name: 'hr-assistant', change: 'create' },
        { kind: 'target', name: 'hr', change: 'update', detail: 'connection replaced' },
        { kind: 'tool', name: 'old', change: 'remove', detail: 'removed; history stays' },
        { kind: 'person', name: 'ana@example.com', change: 'unchanged' },
      ],
      agents: [{ name: 'hr-assistant', key: 'hp_x_y' }],
      warnings: ['Target hr: the role is a superuser'],
    },
    { dryRun: false },
  );
  expect(text).toBe(`  + agent hr-assistant
  ~ target hr           connection replaced
  − tool old            removed; history stays

The key of the new agent, shown this once:
  hr-assistant
    hp_x_y

Worth knowing:
  ! Target hr: the role is a superuser

1 created, 1 updated, 1 removed, 1 unchanged.
`);
});

test('a dry run says that nothing was written', () => {
  const text = describeResult(
    { changes: [{ kind: 'tool', name: 't', change: 'create' }], agents: [], warnings: [] },
    { dryRun: true },
  );
  expect(text).toBe('  + tool t\n\n1 to be created. Nothing was written: this was a dry run.\n');
});

test('nothing to do is said in one line', () => {
  const text = describeResult(
    { changes: [{ kind: 'tool', name: 't', change: 'unchanged' }], agents: [], warnings: [] },
    { dryRun: false },
  );
  expect(text).toBe('Nothing to do: the workspace is already what the document says (1 unchanged).\n');
});

test('a problem names file, line and column the way editors read them', () => {
  const text = describeProblems(
    'a.yaml',
    [{ pointer: '/agents/0/owner', message: 'Nobody has it.' }],
    () => ({
      line: 4,
      column: 12,
    }),
  );
  expect(text).toBe('  a.yaml:4:12  /agents/0/owner\n    Nobody has it.\n');
});
