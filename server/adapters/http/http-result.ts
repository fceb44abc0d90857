import type { HttpResult } from '@/server/domain/ports';
import type { GuardedAnswer } from './guarded-client';

/** What an agent may need of the headers. Never cookies, nor what says how the service is built. */
const TOLD = ['content-type', 'etag', 'last-modified', 'location', 'link', 'retry-after', 'x-request-id'];
const DEPTH_MAX = 64;

/** What no database keeps as it is (NUL, half a surrogate pair) is replaced by the sign for unreadable characters. */
const storable = (text: string): string => text.toWellFormed().replaceAll('\u0000', '\ufffd');

function cleaned(value: unknown, depth = 0): unknown {
  if (depth > DEPTH_MAX) return '(nested too deeply)';
  if (typeof value === 'string') return storable(value);
  if (Array.isArray(value)) return value.map((each) => cleaned(each, depth + 1));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [storable(key), cleaned(each, depth + 1)]),
  );
}

function readText(body: Buffer, truncated: boolean): string | null {
  try {
    // A cut may fall into the middle of a character: that one is left out.
    return storable(new TextDecoder('utf-8', { fatal: true }).decode(body, { stream: truncated }));
  } catch {
    return null;
  }
}

/** What the agent gets of an answer: typed, bounded, and honest about what was left out. */
export function httpResult(answer: GuardedAnswer): HttpResult {
  const headers = Object.fromEntries(
    TOLD.flatMap((name) =>
      answer.headers[name] === undefined ? [] : [[name, storable(answer.headers[name])]],
    ),
  );
  const base = { status: answer.status, headers, bytes: answer.body.length, truncated: answer.truncated };
  if (answer.body.length === 0) return base;
  const text = readText(answer.body, answer.truncated);
  if (text === null) return base;
  if (!answer.truncated && /\bjson\b/i.test(headers['content-type'] ?? '')) {
    try {
      return { ...base, body: cleaned(JSON.parse(text)) };
    } catch {
      // It says JSON and is none: the agent sees what it is.
    }
  }
  return { ...base, text };
}
