import type { IncomingMessage } from 'node:http';
import { accept, type Outcome, refuse } from '@/server/domain/refusal';

export const LARGEST_BODY_BYTES = 1024 * 1024;
/** Of a body that is too large this much more is read and thrown away, so that a client that sends first and reads later hears the answer. */
const DISCARD_BYTES = 16 * 1024 * 1024;

const TOO_LARGE = refuse(
  'args_too_large',
  'The request body is too large (1 MB for agents, 4 MB for SCIM). Send less, or point to the data instead of including it.',
);

/** The body as JSON; an empty body is undefined. */
export async function readJsonBody(
  request: IncomingMessage,
  largestBytes = LARGEST_BODY_BYTES,
): Promise<Outcome<unknown>> {
  const body = await readTextBody(request, largestBytes);
  return body.ok ? parseJson(body.value) : body;
}

/** The body as text; nothing beyond the limit is kept in memory, whatever the client announced. */
export function readTextBody(
  request: IncomingMessage,
  largestBytes = LARGEST_BODY_BYTES,
): Promise<Outcome<string>> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const isTooLarge = () => bytes > largestBytes;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (!isTooLarge()) chunks.push(chunk);
      else chunks.length = 0;
      if (bytes > largestBytes + DISCARD_BYTES) {
        request.pause();
        resolve(TOO_LARGE);
      }
    });
    request.on('end', () =>
      resolve(isTooLarge() ? TOO_LARGE : accept(Buffer.concat(chunks).toString('utf8'))),
    );
    request.on('error', reject);
    request.on('close', () => {
      if (!request.complete) reject(new Error('the client closed the connection'));
    });
  });
}

/** JSON text as a value; an empty text is undefined, as tRPC has it. */
export function parseJson(text: string): Outcome<unknown> {
  if (text === '') return accept(undefined);
  try {
    return accept(JSON.parse(text));
  } catch {
    return refuse(
      'input_invalid',
      'The input is not valid JSON. Send it as one JSON value: in the body of a POST, or as ?input= of a GET.',
    );
  }
}
