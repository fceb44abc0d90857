import mailAddresses from 'email-addresses';

/** An address in one spelling: lower case, its domain as DNS knows it. */
export type Address = { address: string; local: string; domain: string };

/** What a recipient in the arguments says, before anybody is looked up. */
export type RecipientReading =
  | { kind: 'address'; value: string; address: Address }
  | { kind: 'handle'; value: string; handle: string }
  /** A link anyone can open. */
  | { kind: 'anyone'; value: string }
  /** Everybody of the organisation, also those who come later. */
  | { kind: 'everybody'; value: string }
  | { kind: 'unclear'; value: string; why: string };

const VALUE_MAX = 320;
/** The grammar is recursive, and agents write the text: longer is not read. */
const TEXT_MAX = 10_000;
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;
const ANYONE = new Set([
  'anyone',
  'anyonewiththelink',
  'anyonewithlink',
  'anyonewhohasthelink',
  'anyoneontheinternet',
  'everyone',
  'public',
  'publiclink',
  'anonymous',
  'allusers',
  'allauthenticatedusers',
  'world',
  'internet',
]);
const EVERYBODY = new Set([
  '@everyone',
  '@all',
  'domain',
  'organization',
  'organisation',
  'company',
  'tenant',
  'workspace',
  'allmembers',
  'allemployees',
  'everybody',
]);

const shown = (value: string): string => value.slice(0, VALUE_MAX);
const unclear = (value: string, why: string): RecipientReading => ({
  kind: 'unclear',
  value: shown(value),
  why,
});

/** Two texts are the same name when they differ in case, composition and runs of spaces only. Look-alike letters stay different. */
export const nameKey = (text: string): string =>
  text.normalize('NFC').trim().replace(/\s+/g, ' ').toLowerCase();

/** The domain as DNS knows it (`xn--…` for other scripts, no last dot); null when it is none. */
export function domainKey(domain: string): string | null {
  const bare = domain.trim().replace(/\.$/, '');
  if (!/^[^\s@/\\:?#[\]]+$/.test(bare)) return null;
  try {
    const host = new URL(`http://${bare}`).hostname;
    return /^[a-z0-9._-]+$/.test(host) ? host : null;
  } catch {
    return null;
  }
}

/** One address in its one spelling; null when it is none. */
export function toAddress(text: string): Address | null {
  const at = text.lastIndexOf('@');
  if (at < 1) return null;
  const local = nameKey(text.slice(0, at));
  const domain = domainKey(text.slice(at + 1));
  return domain === null || local === '' ? null : { address: `${local}@${domain}`, local, domain };
}

/** Letters that only look like others, or cannot be seen, must not be taken for those others. */
function disguise(text: string): string | null {
  if (INVISIBLE.test(text)) return 'It contains characters that cannot be seen.';
  const composed = text.normalize('NFC');
  const isAscii = (s: string) => /^[\x20-\x7e]*$/.test(s);
  if (composed !== text.normalize('NFKC') || (isAscii(composed) && !isAscii(text))) {
    return 'It contains characters that stand for other characters.';
  }
  return null;
}

type Parsed = NonNullable<ReturnType<typeof mailAddresses.parseAddressList>>;

/** The addresses of one text; null when any part of it is none. */
function parseList(text: string): Address[] | null {
  const parse = (input: string): Parsed | null => {
    try {
      return mailAddresses.parseAddressList({ input, rfc6532: true });
    } catch {
      // Nested deeper than the stack: nothing a person would write.
      return null;
    }
  };
  const whole = parse(text);
  // Some mail programs separate by semicolons, which is not in the grammar.
  const lists = whole === null && text.includes(';') ? text.split(';').map((s) => s.trim()) : null;
  const parsed = lists === null ? [whole] : lists.filter((s) => s !== '').map(parse);
  const addresses: (Address | null)[] = parsed.flatMap((list) =>
    list === null
      ? [null]
      : list.flatMap((entry) =>
          (entry.type === 'group' ? entry.addresses : [entry]).map((mailbox) =>
            toAddress(`${mailbox.local}@${mailbox.domain}`),
          ),
        ),
  );
  const found = addresses.filter((a): a is Address => a !== null);
  return found.length === 0 || found.length < addresses.length ? null : found;
}

function readText(raw: string): RecipientReading[] {
  const text = raw.trim();
  if (text === '') return [unclear(raw, 'It is empty.')];
  if (text.length > TEXT_MAX) return [unclear(text, 'It is too long to be read as recipients.')];
  const hidden = disguise(text);
  if (hidden !== null) return [unclear(text, hidden)];
  const word = nameKey(text).replace(/[^\p{L}\p{N}@#*]/gu, '');
  if (ANYONE.has(word) || word === '*') return [{ kind: 'anyone', value: shown(text) }];
  if (EVERYBODY.has(word)) return [{ kind: 'everybody', value: shown(text) }];
  const bare = text.replace(/^mailto:/i, '');
  if (/^[a-z][a-z0-9+.-]*:/i.test(bare) || (bare !== text && bare.includes('?'))) {
    return [unclear(text, 'It is a link, not an address.')];
  }
  // A handle begins with @ or # and has no other @ in it.
  if (/^[@#]?[^@]*$/.test(bare)) {
    const handle = nameKey(bare);
    return handle.length > VALUE_MAX
      ? [unclear(text, 'It is too long for a name.')]
      : [{ kind: 'handle', value: shown(text), handle }];
  }
  const addresses = parseList(bare);
  if (addresses === null) return [unclear(text, 'It is no address that can be read in one way only.')];
  return addresses.map((address) => ({
    kind: 'address',
    value: shown(addresses.length === 1 ? text : address.address),
    address,
  }));
}

const FIELDS = [
  'email',
  'emailAddress',
  'address',
  'mail',
  'recipient',
  'user',
  'group',
  'channel',
  'id',
  'name',
];

/** `{type: "anyone"}`, `{emailAddress: {address: …}}`, `{email: …}`: how services write recipients. The widest word wins. */
function readObject(value: Readonly<Record<string, unknown>>, depth: number): RecipientReading[] {
  const type = typeof value.type === 'string' ? readText(value.type)[0] : undefined;
  if (type?.kind === 'anyone' || type?.kind === 'everybody') return [type];
  const field = FIELDS.find((name) => value[name] !== undefined && value[name] !== null);
  if (field === undefined || depth > 2) {
    return [unclear(JSON.stringify(value), 'It names nobody in a way that is known.')];
  }
  return readRecipient(value[field], depth + 1);
}

/**
 * What one selected value says about who receives. Never guesses: what could be read in two ways, or hides what it is, is `unclear`, which
 * raises. `true` where recipients are expected is a switch that opens it to anyone; `false` and null name nobody.
 */
export function readRecipient(value: unknown, depth = 0): RecipientReading[] {
  if (value === null || value === undefined || value === false) return [];
  if (value === true) return [{ kind: 'anyone', value: 'true' }];
  if (typeof value === 'string') return readText(value);
  if (typeof value === 'number') return readText(String(value));
  if (Array.isArray(value)) {
    if (depth > 3) return [unclear(JSON.stringify(value), 'It is nested too deep.')];
    return value.flatMap((each) => readRecipient(each, depth + 1));
  }
  return readObject(value as Record<string, unknown>, depth);
}
