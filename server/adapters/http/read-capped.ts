import type { Readable, Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { HttpFault } from './http-fault';

const DECODERS: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/**
 * Reads an answer up to `limit` bytes, counted after decompression, so that a small answer cannot become a large one in memory. The rest is
 * never read. One layer of a known encoding only.
 */
export async function readCapped(
  body: Readable,
  encoding: string | undefined,
  limit: number,
): Promise<{ body: Buffer; truncated: boolean }> {
  const name = (encoding ?? 'identity').trim().toLowerCase();
  // Destroying what is left unread is an error nobody waits for.
  body.on('error', () => undefined);
  const decoder = DECODERS[name];
  if (decoder === undefined && name !== 'identity' && name !== '') {
    body.destroy();
    throw new HttpFault('encoding_refused', 'The answer is encoded in a way that is not accepted.', true);
  }
  const stream = decoder === undefined ? body : body.pipe(decoder());
  // A pipe does not hand errors on: a connection that breaks would otherwise end as a complete answer.
  if (stream !== body) body.once('error', (error) => stream.destroy(error));
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of stream) {
      const bytes = chunk as Buffer;
      const room = limit - size;
      chunks.push(bytes.subarray(0, room));
      size += Math.min(bytes.length, room);
      if (bytes.length > room) return { body: Buffer.concat(chunks), truncated: true };
    }
    return { body: Buffer.concat(chunks), truncated: false };
  } catch (error) {
    if (/^Z_|ERR_.*BROTLI|ERR__ERROR/.test((error as { code?: string }).code ?? '')) {
      throw new HttpFault('answer_invalid', 'The answer cannot be decompressed.', true);
    }
    throw error;
  } finally {
    stream.destroy();
    body.destroy();
  }
}
