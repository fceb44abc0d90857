import { CsvError, parse as parseCsv } from 'csv-parse/sync';
import {
  type DirectoryFile,
  fromRecords,
  fromSections,
  type SourceRow,
} from '@/server/domain/directory-file';
import { accept, type Outcome, refuse } from '@/server/domain/refusal';
import { readDocumentText } from './read-document-text';

export const FILE_MAX = 2_000_000;

/** Separators spreadsheets write: the one the first line has most of. */
function delimiterOf(text: string): string {
  const [first = ''] = text.split(/\r?\n/, 1);
  const counts = [',', ';', '\t'].map((mark) => ({ mark, n: first.split(mark).length }));
  return counts.sort((a, b) => b.n - a.n)[0]?.mark ?? ',';
}

type Parsed = { record: string[]; info: { lines: number } };

function readCsv(text: string): Outcome<DirectoryFile> {
  try {
    const parsed = parseCsv(text, {
      bom: true,
      delimiter: delimiterOf(text),
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
      max_record_size: 100_000,
    }) as unknown as Parsed[];
    const [header, ...lines] = parsed;
    if (header === undefined)
      return refuse('document_invalid', 'The file is empty. Its first line names the columns.');
    const columns = header.record.map((name) => name.toLowerCase().replace(/[\s-]+/g, '_'));
    const rows = lines.map(({ record, info }): SourceRow => ({ line: info.lines, record }));
    return accept(fromRecords(columns, rows));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = (error as { lines?: number }).lines ?? 1;
    return accept({
      part: {},
      lines: [],
      problems: [{ line, message: `From this line on the file cannot be read as CSV: ${error.message}` }],
    });
  }
}

function readJson(text: string): Outcome<DirectoryFile> {
  const read = readDocumentText(text);
  if (!read.ok) return read;
  return accept(fromSections(read.value.value, (pointer) => read.value.locate(pointer).line));
}

/** Reads a file of people or groups, by its name and its first character; each entry keeps the line it stands on. */
export function readDirectoryFile(file: { name: string; text: string }): Outcome<DirectoryFile> {
  if (file.text.length > FILE_MAX) {
    return refuse(
      'document_invalid',
      'The file is larger than 2 MB. Split it, or connect your identity provider over SCIM.',
    );
  }
  if (file.text.includes('\uFFFD') || file.text.includes('\u0000')) {
    return refuse('document_invalid', 'The file is not UTF-8 text. Save it as “CSV UTF-8” and try again.');
  }
  const isJson = /\.json$/i.test(file.name) || /^\s*[[{]/.test(file.text);
  return isJson ? readJson(file.text) : readCsv(file.text);
}
