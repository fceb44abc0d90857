import { expect, test } from 'vitest';
import { effectsOf, entryOf, readEntry, writeEntry } from './tool-entry';

test('an entry written as text reads as the same entry', () => {
  const entry = entryOf({
    name: 'send_email',
    description: 'Sends.\nThings: "quoted"',
    kind: 'custom',
    target: null,
    annotations: {},
    inputSchema: { type: 'object', properties: { on: { enum: ['yes', 'no'] } } },
    effects: [{ effect: 'send', audience: "$['to', 'cc'][*]" }],
    definitionHash: 'not of a document',
  });
  expect(Object.keys(entry)).toEqual(['name', 'description', 'kind', 'inputSchema', 'effects']);
  expect(readEntry(writeEntry(entry))).toEqual({ ok: true, entry });
});

test('text that is no tool says what to write', () => {
  for (const text of ['', '- a', 'just words', 'a: [', '"'])
    expect(readEntry(text), text).toMatchObject({ ok: false, fault: expect.stringMatching(/./) });
  expect(readEntry('name: 3')).toMatchObject({ ok: true, entry: { name: '' } });
});

test('only what could be an effect is taken for one', () => {
  expect(effectsOf({ name: 'x', effects: [null, 'send', { effect: 'send' }] })).toEqual([{ effect: 'send' }]);
  expect(effectsOf({ name: 'x', effects: 'send' })).toEqual([]);
});
