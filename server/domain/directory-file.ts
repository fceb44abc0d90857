import { group as groupEntry, person as personEntry } from './workspace-document';

/** One line of a CSV file, by columns. `line` counts from 1. */
export type SourceRow = { line: number; record: readonly string[] };
export type LineProblem = { line: number; message: string };

/** Entries of a workspace document read from a file, and where each stands: `/people/3` → line. */
export type DirectoryFile = {
  part: { people?: unknown[]; groups?: unknown[]; directory?: unknown };
  lines: { pointer: string; line: number }[];
  problems: LineProblem[];
};

const PEOPLE = ['email', 'name', 'guest', 'aliases', 'manager', 'forwards_to', 'clearances', 'active'];
const GROUPS = ['group', 'kind', 'aliases', 'open', 'complete', 'members'];

const listOf = (text: string): string[] =>
  text
    .split(/[;|]/)
    .map((each) => each.trim())
    .filter((each) => each !== '');

function flagOf(text: string): boolean | string {
  if (/^(true|yes|y|1|x)$/i.test(text)) return true;
  if (/^(false|no|n|0)$/i.test(text)) return false;
  return text;
}

type Fields = Record<string, string>;

/** A field that is empty says nothing: what is there stays. */
const given = (fields: Fields, name: string): string | undefined =>
  fields[name] === undefined || fields[name] === '' ? undefined : fields[name];

function personOf(fields: Fields): Record<string, unknown> {
  const entry: Record<string, unknown> = { email: fields.email ?? '' };
  const take = (column: string, key: string, read: (text: string) => unknown) => {
    const text = given(fields, column);
    if (text !== undefined) entry[key] = read(text);
  };
  take('name', 'name', (text) => text);
  take('guest', 'guest', flagOf);
  take('aliases', 'aliases', listOf);
  take('manager', 'manager', (text) => text);
  take('forwards_to', 'forwardsTo', listOf);
  take('clearances', 'clearances', listOf);
  take('active', 'active', flagOf);
  return entry;
}

/** `group:leads` is a group, `outside:x@else.example` an address outside, anything else somebody of the workspace. */
function memberOf(text: string): unknown {
  const [, kind, rest] = /^(group|outside):\s*(.+)$/i.exec(text) ?? [];
  if (kind === undefined || rest === undefined) return text;
  return kind.toLowerCase() === 'group' ? { group: rest } : { address: rest };
}

function groupOf(fields: Fields): Record<string, unknown> {
  const entry: Record<string, unknown> = {
    name: fields.group ?? '',
    members: listOf(fields.members ?? '').map(memberOf),
  };
  const take = (column: string, read: (text: string) => unknown) => {
    const text = given(fields, column);
    if (text !== undefined) entry[column] = read(text);
  };
  take('kind', (text) => text.toLowerCase());
  take('aliases', listOf);
  take('open', flagOf);
  take('complete', flagOf);
  return entry;
}

const COLUMN_OF: Readonly<Record<string, string>> = { forwardsTo: 'forwards_to', name: 'name' };

/** What is wrong with one entry, column by column. */
function faultsOf(kind: 'person' | 'group', entry: unknown, line: number): LineProblem[] {
  const checked = (kind === 'person' ? personEntry : groupEntry).safeParse(entry);
  if (checked.success) return [];
  return checked.error.issues.map((issue) => {
    const field = String(issue.path[0] ?? '');
    const column = kind === 'group' && field === 'name' ? 'group' : (COLUMN_OF[field] ?? field);
    const message =
      issue.code === 'invalid_type' && issue.expected === 'boolean' ? 'Write yes or no.' : issue.message;
    return { line, message: column === '' ? message : `${column}: ${message}` };
  });
}

/** Entries of one section with their lines; what is wrong stays out of the part and in the problems. */
function collect(
  section: 'people' | 'groups',
  entries: readonly { entry: Record<string, unknown>; line: number }[],
): Pick<DirectoryFile, 'lines' | 'problems'> & { good: unknown[] } {
  const kind = section === 'people' ? 'person' : 'group';
  const seen = new Map<string, number>();
  const good: unknown[] = [];
  const lines: DirectoryFile['lines'] = [];
  const problems: LineProblem[] = [];
  for (const { entry, line } of entries) {
    const name = String(section === 'people' ? entry.email : entry.name)
      .trim()
      .toLowerCase();
    const before = seen.get(name);
    const faults = faultsOf(kind, entry, line);
    if (before !== undefined && name !== '') {
      faults.push({ line, message: `${name} stands on line ${before} already; keep one.` });
    }
    seen.set(name, line);
    problems.push(...faults);
    if (faults.length > 0) continue;
    lines.push({ pointer: `/${section}/${good.length}`, line });
    good.push(entry);
  }
  return { good, lines, problems };
}

/** A CSV file: of people when it has a column `email`, of groups and channels when it has a column `group`. */
export function fromRecords(columns: readonly string[], rows: readonly SourceRow[]): DirectoryFile {
  const section = columns.includes('email') ? 'people' : columns.includes('group') ? 'groups' : null;
  const known = section === 'people' ? PEOPLE : GROUPS;
  if (section === null) {
    const message = `The first line names the columns: ${PEOPLE.join(', ')} for people, or ${GROUPS.join(', ')} for groups and channels. Lists are separated by semicolons.`;
    return { part: {}, lines: [], problems: [{ line: 1, message }] };
  }
  const unknown = columns.filter((name) => !known.includes(name));
  const problems: LineProblem[] = unknown.map((name) => ({
    line: 1,
    message: `There is no column ${name || '(empty)'}; remove it or rename it to one of ${known.join(', ')}.`,
  }));
  const entries = rows.flatMap(({ line, record }) => {
    if (record.length > columns.length) {
      const message = `This line has ${record.length} fields, but there are ${columns.length} columns. Put fields that contain the separator in quotes.`;
      problems.push({ line, message });
      return [];
    }
    const fields: Fields = Object.fromEntries(columns.map((name, at) => [name, record[at] ?? '']));
    return [{ line, entry: section === 'people' ? personOf(fields) : groupOf(fields) }];
  });
  const collected = collect(section, entries);
  return {
    part: { [section]: collected.good },
    lines: collected.lines,
    problems: [...problems, ...collected.problems].sort((a, b) => a.line - b.line),
  };
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

/** A JSON file `{people, groups, channels, domains}`, its entries as in a workspace document. */
export function fromSections(value: unknown, lineAt: (pointer: string) => number): DirectoryFile {
  if (!isObject(value)) {
    return {
      part: {},
      lines: [],
      problems: [{ line: 1, message: 'Write an object with people, groups, channels and domains.' }],
    };
  }
  const problems: LineProblem[] = [];
  for (const key of Object.keys(value)) {
    if (['people', 'groups', 'channels', 'domains'].includes(key)) continue;
    problems.push({
      line: lineAt(`/${key}`),
      message: `"${key}" is not known here; use people, groups, channels and domains.`,
    });
  }
  const entriesOf = (key: string, extra: Record<string, unknown> = {}) => {
    const section = value[key];
    if (section === undefined) return [];
    if (!Array.isArray(section)) {
      problems.push({ line: lineAt(`/${key}`), message: `${key} is a list.` });
      return [];
    }
    return section.flatMap((entry: unknown, index) => {
      const line = lineAt(`/${key}/${index}`);
      if (isObject(entry)) return [{ entry: { ...extra, ...entry }, line }];
      problems.push({ line, message: 'Each entry is an object.' });
      return [];
    });
  };
  const people = collect('people', entriesOf('people'));
  const groups = collect('groups', [...entriesOf('groups'), ...entriesOf('channels', { kind: 'channel' })]);
  return {
    part: {
      ...(value.people === undefined ? {} : { people: people.good }),
      ...(value.groups === undefined && value.channels === undefined ? {} : { groups: groups.good }),
      ...(value.domains === undefined ? {} : { directory: { domains: value.domains } }),
    },
    lines: [...people.lines, ...groups.lines],
    problems: [...problems, ...people.problems, ...groups.problems].sort((a, b) => a.line - b.line),
  };
}
