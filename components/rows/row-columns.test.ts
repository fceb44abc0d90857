import { expect, test } from 'vitest';
import type { RowView } from '@/server/domain/views';
import { columnsOf } from './row-columns';

const columns = ['id', 'name', 'salary'].map((column) => ({ column, classification: 'internal' }));
const row = (changed: number[]): RowView => ({
  resource: 'public.employees',
  operation: 'update',
  key: '1',
  before: ['1', 'x', '5'].map((value) => ({ state: 'shown' as const, value })),
  after: null,
  changed,
});
const names = (rows: RowView[], onlyChanged: boolean) =>
  columnsOf(columns, rows, onlyChanged).map((column) => column.column);

test('columns that change come first, the others keep their order', () => {
  expect(names([row([2])], false)).toEqual(['salary', 'id', 'name']);
});

test('a column that changes in any row is never hidden by showing only changes', () => {
  expect(names([row([2]), row([1])], true)).toEqual(['name', 'salary']);
});

test('where nothing changes every column is shown', () => {
  expect(names([row([])], true)).toEqual(['id', 'name', 'salary']);
});
