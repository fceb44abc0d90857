import fc from 'fast-check';
import { expect, test } from 'vitest';
import { piecesOf } from './hidden-characters';

const kinds = (text: string) =>
  piecesOf(text)
    .filter((piece) => piece.kind !== 'text')
    .map((piece) =>
      piece.kind === 'lookalike' ? `${piece.text}~${piece.like}` : `${piece.code}×${piece.count}`,
    );

test('nothing an agent wrote is lost or changed by making it visible', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(
        piecesOf(text)
          .map((piece) => piece.text)
          .join(''),
      ).toBe(text);
    }),
  );
});

test('no invisible or reordering character is ever left inside ordinary text', () => {
  const hostile = fc.constantFrom(
    '\u200B',
    '\u202E',
    '\u2066',
    '\u00AD',
    '\u{E0041}',
    '\uFEFF',
    '\u0007',
    '\u2800',
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.string(), hostile)), (parts) => {
      const shown = piecesOf(parts.join(''))
        .filter((piece) => piece.kind === 'text')
        .map((piece) => piece.text)
        .join('');
      expect(shown).not.toMatch(/[\u200B\u202E\u2066\u00AD\u{E0000}-\u{E007F}\uFEFF\u2800]/u);
      expect(shown).not.toContain('\u0007');
    }),
  );
});

test('zero-width characters become visible and a run of them is one mark', () => {
  expect(kinds('pay\u200Broll')).toEqual(['200B×1']);
  expect(kinds('a\u200B\u200B\u200Bb')).toEqual(['200B×3']);
});

test('bidirectional controls are named instead of obeyed', () => {
  expect(kinds('DELETE \u202Eelbat\u202C')).toEqual(['202E×1', '202C×1']);
  expect(kinds('\u2067x\u2069')).toEqual(['2067×1', '2069×1']);
});

test('text smuggled in tag characters is spelled out', () => {
  const smuggled = [...'approve'].map((char) => String.fromCodePoint(0xe0000 + char.charCodeAt(0))).join('');
  expect(piecesOf(`ok${smuggled}`)[1]).toMatchObject({ kind: 'invisible', count: 7, says: 'approve' });
});

test('a Cyrillic or Greek letter inside a Latin word is marked with the letter it imitates', () => {
  expect(kinds('pаypal.com')).toEqual(['а~a']);
  expect(kinds('SЕLECT')).toEqual(['Е~E']);
  expect(kinds('gοοgle')).toEqual(['ο~o', 'ο~o']);
});

test('a word made only of look-alikes is marked among Latin words', () => {
  expect(kinds('visit рау now')).toEqual(['р~p', 'а~a', 'у~y']);
});

test('full-width and mathematical letters are marked wherever they stand', () => {
  expect(kinds('ａdmin')).toEqual(['ａ~a']);
  expect(kinds('𝐚𝐝𝐦𝐢𝐧')).toHaveLength(5);
});

test('honest text in any script stays unmarked', () => {
  for (const text of [
    'Zahlung für Müller',
    'Обновить зарплату',
    'Ενημέρωση μισθών',
    'تحديث الرواتب',
    '更新工资',
    '🧑‍💻 ok ✔️',
  ]) {
    expect(kinds(text)).toEqual([]);
  }
});

test('line breaks and tabs are layout, other control characters are not', () => {
  expect(kinds('a\nb\tc')).toEqual([]);
  expect(kinds('a\u001B[2Jb')).toEqual(['001B×1']);
});
