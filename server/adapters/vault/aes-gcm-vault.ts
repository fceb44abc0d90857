import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import type { Vault } from '@/server/domain/ports';

/** `version (1) · salt (16) · ciphertext · tag (16)`. A new algorithm gets a new version; old boxes stay readable. */
const VERSION = 1;
const SALT_BYTES = 16;
const TAG_BYTES = 16;
const HEADER_BYTES = 1 + SALT_BYTES;
const INFO = 'holdpoint/vault/v1';

/**
 * Key and nonce come from the salt, so every box has a key of its own: random nonces under one AES-GCM key
 * would put a limit on how many boxes may ever be sealed.
 */
function deriveKey(secret: Uint8Array, salt: Uint8Array): { key: Buffer; nonce: Buffer } {
  const derived = Buffer.from(hkdfSync('sha256', secret, salt, INFO, 44));
  return { key: derived.subarray(0, 32), nonce: derived.subarray(32) };
}

/** The header and the place the box belongs to are authenticated with the bytes: a box moved to another row does not open. */
function additionalData(header: Uint8Array, context: string): Buffer {
  return Buffer.concat([header, Buffer.from(context, 'utf8')]);
}

/**
 * Seals with AES-256-GCM under keys derived from `secret` (at least 32 bytes). `open` throws for a box that was changed, was sealed
 * under another secret, or belongs to another context; the message never holds any of its bytes.
 */
export function createVault(secret: Uint8Array): Vault {
  if (secret.length < 32) throw new Error('The vault needs a secret of at least 32 bytes.');
  return {
    seal(plain, context) {
      const salt = randomBytes(SALT_BYTES);
      const header = Buffer.concat([Buffer.from([VERSION]), salt]);
      const { key, nonce } = deriveKey(secret, salt);
      const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
      cipher.setAAD(additionalData(header, context));
      return Buffer.concat([header, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
    },
    open(box, context) {
      if (box.length < HEADER_BYTES + TAG_BYTES) throw new Error(`Sealed box for ${context} is cut short.`);
      if (box[0] !== VERSION)
        throw new Error(`Sealed box for ${context} has version ${box[0]}, which this release cannot open.`);
      const header = box.subarray(0, HEADER_BYTES);
      const { key, nonce } = deriveKey(secret, header.subarray(1));
      const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
      decipher.setAAD(additionalData(header, context));
      decipher.setAuthTag(box.subarray(box.length - TAG_BYTES));
      try {
        const plain = decipher.update(box.subarray(HEADER_BYTES, box.length - TAG_BYTES));
        return Buffer.concat([plain, decipher.final()]);
      } catch {
        throw new Error(
          `Sealed box for ${context} does not open: it was changed, or HOLDPOINT_SECRET is not the one it was sealed with.`,
        );
      }
    },
  };
}
