import type { Rig } from './rig';

/** One call as the signed-in reviewer, over HTTP with the session's cookie: GET for a query, POST for a mutation. */
export async function reviewCall<T>(
  rig: Rig,
  procedure: string,
  input: unknown,
  options: { isMutation?: boolean; cookie?: string } = {},
): Promise<T> {
  const text = JSON.stringify(input);
  const url = `http://127.0.0.1:${rig.port}/api/trpc/${procedure}`;
  const headers = { cookie: options.cookie ?? rig.cookie, 'content-type': 'application/json' };
  const response = options.isMutation
    ? await fetch(url, { method: 'POST', headers, body: text })
    : await fetch(`${url}?input=${encodeURIComponent(text)}`, { headers });
  const body = await response.text();
  if (!response.ok) throw new Error(`${procedure} answered ${response.status}: ${body.slice(0, 400)}`);
  return (JSON.parse(body) as { result: { data: T } }).result.data;
}
