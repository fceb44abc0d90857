import { expect, test } from 'vitest';
import { acceptSuggestions, classify, columnTables } from './column-tables';

const columns = [
  { column: 'public.a.id', type: 'int', classification: null, suggestion: null },
  { column: 'public.a.email', type: 'text', classification: null, suggestion: 'personal' },
  { column: 'public.b.note', type: 'text', classification: null, suggestion: 'personal' },
];

test('a column takes its own class before its table’s', () => {
  const [a, b] = columnTables(columns, { 'public.a.*': 'internal', 'public.a.email': 'personal' });
  expect(a?.lines.map((l) => [l.name, l.own, l.inherited])).toEqual([
    ['id', null, 'internal'],
    ['email', 'personal', 'internal'],
  ]);
  expect([a?.open, b?.open]).toEqual([0, 1]);
});

test('accepting suggestions touches open columns only', () => {
  const declared = { 'public.a.email': 'health' };
  expect(acceptSuggestions(columnTables(columns, declared), declared)).toEqual({
    'public.a.email': 'health',
    'public.b.note': 'personal',
  });
});

test('taking a class away leaves no trace of it', () => {
  expect(classify({ x: 'public', y: 'health' }, 'x', null)).toEqual({ y: 'health' });
  expect(classify({ y: 'health' }, 'x', 'public')).toEqual({ x: 'public', y: 'health' });
});
