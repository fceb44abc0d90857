import { expect, test } from 'vitest';
import { guardedClasses } from './guarded-classes';

test('what everybody may see is left out, the rest stands from least to most guarded', () => {
  const classes = ['trade-secret', 'unclassified', 'personal', 'public', 'health'];
  expect(guardedClasses(classes, new Set(['public']))).toEqual([
    'personal',
    'health',
    'unclassified',
    'trade-secret',
  ]);
});
