import { expect, test } from 'vitest';
import { readSubjects, writeSubjects } from './subject-lines';

test('lines read back to what they were written from', () => {
  const subjects = { 'public.employees': 'id', 'public.payslips': 'employee_id -> public.employees' };
  expect(readSubjects(`${writeSubjects(subjects)}\n\n`)).toEqual({ ok: true, subjects });
});

test.each([
  ['public.a id', 'Line 1'],
  ['public.a: id\npublic.b:', 'Line 2'],
  ['public.a: id\npublic.a: x', 'public.a stands here twice'],
])('%j is refused with its place', (text, said) => {
  const read = readSubjects(text);
  expect(read.ok ? '' : read.fault).toContain(said);
});
