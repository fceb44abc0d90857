import { z } from 'zod';
import { classesBy, effect } from './catalog';
import { exponentOf } from './currencies';
import { effectCondition } from './effect-condition';
import { findPathFault } from './json-path';

const jsonPath = z
  .string()
  .max(500)
  .superRefine((expression, context) => {
    const fault = findPathFault(expression);
    if (fault !== null)
      context.addIssue({ code: 'custom', message: `This is not a JSONPath like $.recipients[*]: ${fault}` });
  });

const currency = z
  .string()
  .max(500)
  .transform((text) => (text.startsWith('$') ? text : text.toUpperCase()))
  .superRefine((text, context) => {
    const fault = text.startsWith('$') ? findPathFault(text) : null;
    if (fault !== null || (!text.startsWith('$') && exponentOf(text) === null)) {
      const message = `Write a code of ISO 4217 like EUR, or the JSONPath of the argument that holds one${fault === null ? '' : `: ${fault}`}.`;
      context.addIssue({ code: 'custom', message });
    }
  });

const condition = effectCondition.superRefine((value, context) => {
  const path = typeof value === 'string' ? value : value.path;
  const fault = findPathFault(path);
  if (fault === null) return;
  context.addIssue({
    code: 'custom',
    path: typeof value === 'string' ? [] : ['path'],
    message: `Write the JSONPath of an argument, like $.notify: ${fault}`,
  });
});

/** A class as documents name it. */
export const classification = z
  .string()
  .max(60)
  .regex(/^[a-z][a-z0-9_-]*$/, 'Name a classification in small letters, like personal or financial.');
const classes = z
  .array(classification)
  .max(40)
  .transform((names) => [...new Set(names)]);

/** An effect as an operator writes it: every path can be evaluated, every constant exists. */
export const effectEntry = effect.extend({
  when: condition.optional(),
  resource: jsonPath.optional(),
  audience: jsonPath.optional(),
  content: jsonPath.optional(),
  amount: jsonPath.optional(),
  currency: currency.optional(),
  location: jsonPath.optional(),
  anyone: condition.optional(),
  classes: classes.optional(),
  classesBy: classesBy
    .extend({
      path: jsonPath,
      map: z.record(z.string().min(1).max(200), classes).refine((map) => Object.keys(map).length > 0, {
        message: 'Name at least one value and its classes, like { public: [public] }.',
      }),
      otherwise: classes.optional(),
    })
    .optional(),
});
