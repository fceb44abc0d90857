import { expect, test } from 'vitest';
import { fileRows } from './file-rows';

const columns = [
  { column: 'bytes', classification: 'internal' },
  { column: 'content', classification: 'personal' },
];

test('a file shows its text to whom it is shown, and says why not to others', () => {
  const row = (state: 'masked' | 'withheld') => ({
    resource: 'people/a.md',
    operation: 'update' as const,
    key: '',
    before: [{ state: 'shown' as const, value: '4' }, { state }],
    after: [{ state: 'shown' as const, value: '8' }, { state }],
    changed: [],
  });
  const [masked, withheld] = fileRows({
    tables: { 'people/a.md': columns },
    rows: [row('masked'), row('withheld')],
  });
  expect(masked).toEqual({
    path: 'people/a.md',
    operation: 'update',
    classification: 'personal',
    bytes: { before: 4, after: 8 },
    text: { before: { state: 'masked' }, after: { state: 'masked' } },
    movesTo: null,
  });
  expect(withheld?.text.after).toEqual({ state: 'withheld' });
});

test('a file without text, or of which only a part exists, has none there', () => {
  const rows = [
    {
      resource: 'a.bin',
      operation: 'delete' as const,
      key: 'a.bin',
      before: [{ state: 'shown' as const, value: '3' }],
      after: null,
      changed: [],
    },
  ];
  const [file] = fileRows({ tables: { 'a.bin': columns.slice(0, 1) }, rows });
  expect(file).toMatchObject({
    bytes: { before: 3, after: null },
    text: { before: { state: 'none' }, after: { state: 'none' } },
  });
});
