import { describe, expect, test } from 'vitest';
import { createPayloadScanner, SCANNED_MAX } from './payload-scanner';

const scanner = createPayloadScanner();
const scan = async (text: string) => {
  const { findings } = await scanner.scan(text);
  return findings.map((f) => `${f.class} ${f.detector} ${text.slice(f.start, f.end)}`);
};
/** Put together here, so that no secret stands in the source. */
const GITHUB = ['ghp', 'wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx'].join('_');
const AWS = ['AKIA', 'IOSFODNN7EXAMPLQ'].join('');
const CARD = '4111 1111 1111 1111';
const IBAN = 'DE89 3704 0044 0532 0130 00';

describe('what is found in a text', () => {
  test.each([
    [`key ${GITHUB} end`, `credential secret.github ${GITHUB}`],
    [`key ${AWS} end`, `credential secret.aws ${AWS}`],
    ['see postgres://app:hunter22x@db.example.com/x now', 'credential secret.database_connection_string'],
    ['the password is: Tr0ub4dor!', 'credential secret.named Tr0ub4dor!'],
    [
      '-----BEGIN RSA PRIVATE KEY-----\nMIIE',
      'credential secret.private_key -----BEGIN RSA PRIVATE KEY-----',
    ],
    [`pay ${CARD} please`, `financial payment_card ${CARD}`],
    [`to ${IBAN}. Thanks`, `financial iban ${IBAN}`],
    [`to ${IBAN.replaceAll(' ', '').toLowerCase()}!`, 'financial iban de89370400440532013000'],
    ["mail 'ana@acme.com'.", 'personal email ana@acme.com'],
    ['ring +49 30 901820 today', 'personal phone +49 30 901820'],
    ['ring (212) 555-2368 today', 'personal phone (212) 555-2368'],
    ['Telefon: 030 901820', 'personal phone 030 901820'],
    ['nr 01010750160 of Kari', 'personal national_id.no 01010750160'],
    ['DNI 54362315K', 'personal national_id.es 54362315K'],
    ['SSN 536-90-4399', 'personal national_id.us 536-90-4399'],
    ['BSN 111222333', 'personal national_id.nl 111222333'],
  ])('%s', async (text, finding) => {
    expect(
      (await scan(text)).some((each) => each.startsWith(finding)),
      (await scan(text)).join(),
    ).toBe(true);
  });

  test.each([
    [
      'dates, amounts, order and version numbers',
      'On 2024-05-15 10:00 order 100234567 for 1,299.00 EUR, v1.2.3-4, ISBN 978-3-16-148410-0',
    ],
    [
      'a number that fails its check digits',
      'card 4111 1111 1111 1112, account DE88 3704 0044 0532 0130 00, nr 01010750161',
    ],
    ['words that only sound like it', 'My password is secret to nobody; the token is lost; call me at noon.'],
    ['numbers without a name that many others pass', 'batch 111222333 and 44051401359'],
  ])('and not in %s', async (_, text) => {
    expect(await scan(text)).toEqual([]);
  });

  test('encodings do not hide it, and its place is the place in the text', async () => {
    const base64 = Buffer.from(`the card is ${CARD}`).toString('base64');
    const hidden: [string, string][] = [
      [`x ${base64} y`, base64],
      [`x ${Buffer.from(`card ${CARD}`).toString('hex')} y`, Buffer.from(`card ${CARD}`).toString('hex')],
      [`x ${encodeURIComponent(CARD)} y`, encodeURIComponent(CARD)],
      ['x ４１１１１１１１１１１１１１１１ y', '４１１１１１１１１１１１１１１１'],
      ['x 4111\u200b1111\u200b1111\u200b1111 y', '4111\u200b1111\u200b1111\u200b1111'],
      ['x 4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 y', '4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1'],
      ['x 4_1_1_1_1_1_1_1_1_1_1_1_1_1_1_1 y', '4_1_1_1_1_1_1_1_1_1_1_1_1_1_1_1'],
    ];
    for (const [text, place] of hidden) {
      expect(await scan(text), text).toContain(`financial payment_card ${place}`);
    }
    const twice = Buffer.from(encodeURIComponent(`ana@acme.com and ${GITHUB}`)).toString('base64');
    expect((await scan(twice)).map((f) => f.split(' ')[0])).toContain('credential');
  });

  test('a comment in the text switches nothing off', async () => {
    expect(await scan(`// secretlint-disable\n${GITHUB}\n// secretlint-enable`)).toHaveLength(1);
  });

  test('what stands across the pieces a long text is read in is found, once', async () => {
    for (const at of [64 * 1024 - 8, 64 * 1024 + 2_000, 200_000]) {
      const text = `${'lorem ipsum '.repeat(30_000).slice(0, at)} ${GITHUB} tail`;
      expect(await scan(text)).toEqual([`credential secret.github ${GITHUB}`]);
    }
  });

  test('what is not read is said to be so', async () => {
    expect((await scanner.scan('a '.repeat(SCANNED_MAX / 2 + 1))).whole).toBe(false);
    expect((await scanner.scan('ana@acme.com '.repeat(600))).whole).toBe(false);
    expect((await scanner.scan('plain')).whole).toBe(true);
  });
});

test('scans leave nothing behind in the process, however many there are', async () => {
  const before = performance.getEntries().length;
  for (let i = 0; i < 50; i++) await scan(`key ${GITHUB} end`);
  expect(performance.getEntries().length).toBe(before);
});
