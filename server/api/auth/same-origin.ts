import { type Refusal, refuse } from '@/server/domain/refusal';

type Headers = Readonly<Record<string, string | string[] | undefined>>;

const one = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value.join(',') : value;

const hostOf = (origin: string): string | null => {
  try {
    return new URL(origin).host;
  } catch {
    return null;
  }
};

/**
 * Refuses what another site made a browser send with a person's cookie. A browser always says where a POST comes from (`Origin`, and
 * `Sec-Fetch-Site` where the page is secure); a script says neither and passes: nobody else can use its cookie. JSON only: a form cannot send that.
 */
export function crossSiteRefusal(request: { method: string; headers: Headers; url: string }): Refusal | null {
  if (request.method === 'GET' || request.method === 'HEAD') return null;
  const { headers } = request;
  const type = one(headers['content-type'])?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json') {
    return refuse('input_invalid', 'Send the input as JSON with content-type application/json.');
  }
  const refused = refuse(
    'forbidden',
    'This request came from another site, so it was not carried out. Open Holdpoint itself and try again.',
  );
  const site = one(headers['sec-fetch-site']);
  if (site !== undefined && site !== 'same-origin') return refused;
  const origin = one(headers.origin);
  if (origin === undefined) return null;
  const from = hostOf(origin);
  const isOurs = from !== null && (from === one(headers.host)?.toLowerCase() || from === hostOf(request.url));
  return isOurs ? null : refused;
}
