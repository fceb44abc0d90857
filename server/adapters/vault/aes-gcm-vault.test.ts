import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createVault } from './aes-gcm-vault';

const secret = randomBytes(32);
const vault = createVault(secret);
const bytes = (text: string) => new TextEncoder().encode(text);

test('what was sealed opens again to the same bytes in the same context', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2000 }), fc.string(), (plain, context) => {
      expect(Buffer.from(vault.open(vault.seal(plain, context), context))).toEqual(Buffer.from(plain));
    }),
  );
});

test('a box with any single bit changed does not open', () => {
  const box = vault.seal(bytes('postgres://hr:s3cret@db/hr'), 'target:tgt_1');
  for (let bit = 0; bit < box.length * 8; bit++) {
    const forged = Uint8Array.from(box);
    forged[bit >> 3] = (forged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    expect(() => vault.open(forged, 'target:tgt_1')).toThrow(/Sealed box/);
  }
});

test('a box cut short or grown does not open', () => {
  const box = vault.seal(bytes('secret'), 'a');
  for (let length = 0; length < box.length; length++)
    expect(() => vault.open(box.subarray(0, length), 'a')).toThrow(/Sealed box/);
  expect(() => vault.open(Buffer.concat([box, Buffer.from([0])]), 'a')).toThrow(/Sealed box/);
});

test('a box moved to another row does not open there', () => {
  const box = vault.seal(bytes('secret'), 'target:tgt_1');
  expect(() => vault.open(box, 'target:tgt_2')).toThrow(/does not open/);
});

test('another secret does not open it, and the error repeats nothing of the box', () => {
  const box = vault.seal(bytes('hunter2'), 'target:tgt_1');
  expect(() => createVault(randomBytes(32)).open(box, 'target:tgt_1')).toThrow(
    /^Sealed box for target:tgt_1 does not open: it was changed, or HOLDPOINT_SECRET is not the one it was sealed with\.$/,
  );
});

test('the same secret derives the same keys in another process', () => {
  const box = vault.seal(bytes('hunter2'), 'a');
  expect(Buffer.from(createVault(Uint8Array.from(secret)).open(box, 'a')).toString()).toBe('hunter2');
});

test('sealing twice gives boxes that share nothing but their version', () => {
  const [one, two] = [vault.seal(bytes('same'), 'a'), vault.seal(bytes('same'), 'a')];
  expect(Buffer.from(one).subarray(1)).not.toEqual(Buffer.from(two).subarray(1));
  expect(Buffer.from(one).includes('same')).toBe(false);
});

test('a secret too short to be one is refused', () => {
  expect(() => createVault(randomBytes(31))).toThrow(/32 bytes/);
});
